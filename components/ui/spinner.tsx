import { LoaderCircle } from 'lucide-react';

import { cn } from './cn.ts';

/** Turns while something works. `label` is read to screen readers; without it the spinner is decoration. */
export function Spinner({ className, label }: { className?: string; label?: string }) {
  return (
    <span role={label === undefined ? undefined : 'status'} className={cn('inline-flex', className)}>
      <LoaderCircle aria-hidden className="size-4 animate-spin" />
      {label !== undefined && <span className="sr-only">{label}</span>}
    </span>
  );
}
