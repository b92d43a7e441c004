import type { ReactNode } from 'react';

import { CopyButton } from './copy-button.tsx';

export interface CopyFieldProps {
  label: string;
  text: string;
  /** The button's name, for example `Copy the address`. */
  copyLabel: string;
  help?: ReactNode;
}

/** A text that somebody has to carry elsewhere, on one line, with the button that copies all of it. */
export function CopyField({ label, text, copyLabel, help }: CopyFieldProps) {
  return (
    <div role="group" aria-label={label} className="flex min-w-0 flex-col gap-1.5">
      <span className="text-sm font-medium">{label}</span>
      <div className="flex min-w-0 items-center gap-1 rounded-md border border-border bg-muted/50 py-1 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 truncate font-mono text-xs" title={text}>
          {text}
        </code>
        <CopyButton text={text} label={copyLabel} />
      </div>
      {help !== undefined && <p className="text-xs leading-4 text-muted-foreground">{help}</p>}
    </div>
  );
}
