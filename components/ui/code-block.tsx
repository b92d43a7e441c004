'use client';

import { cn } from './cn.ts';
import { CopyButton } from './copy-button.tsx';

export interface CodeBlockProps {
  code: string;
  /** Names what is copied, for example `curl command`. */
  label: string;
  /** Breaks long lines instead of scrolling. */
  wrap?: boolean;
  className?: string;
}

/** Text to read or to copy, in the monospaced face. */
export function CodeBlock({ code, label, wrap = false, className }: CodeBlockProps) {
  return (
    <div className={cn('group/code relative min-w-0 rounded-md border border-border bg-muted/60', className)}>
      <pre
        tabIndex={0}
        aria-label={label}
        className={cn(
          'max-h-[inherit] overflow-auto rounded-md py-2 pr-10 pl-3 font-mono text-xs leading-5 text-foreground focus-ring-inset',
          wrap ? 'break-words whitespace-pre-wrap' : 'whitespace-pre',
        )}
      >
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={`Copy ${label}`} className="absolute top-1 right-1 bg-raised/80" />
    </div>
  );
}
