import { cn } from './cn.ts';

/** Keys to press together, for example `['Ctrl', 'K']`. */
export function Kbd({
  keys,
  inverse = false,
  className,
}: {
  keys: readonly string[];
  inverse?: boolean;
  className?: string;
}) {
  return (
    <span className={cn('inline-flex shrink-0 items-center gap-0.5', className)}>
      {keys.map((key) => (
        <kbd
          key={key}
          className={cn(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border px-1 font-sans text-[0.6875rem] leading-none font-medium',
            inverse ? 'border-white/20 text-inherit' : 'border-border bg-surface text-muted-foreground',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
