import type { ReactNode } from 'react';

import { cn } from './cn.ts';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** What to do next, in a sentence. */
  description?: ReactNode;
  /** The buttons that do it. */
  children?: ReactNode;
  /** 1 where it is all that a page shows. Default 2. */
  level?: 1 | 2;
  className?: string;
}

/** Says why there is nothing here and offers the next step. */
export function EmptyState({ icon, title, description, children, level = 2, className }: EmptyStateProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div
      className={cn('flex flex-col items-center justify-center gap-1.5 px-6 py-16 text-center', className)}
    >
      {icon !== undefined && (
        <div className="mb-2 flex size-10 items-center justify-center rounded-lg border border-border bg-surface text-muted-foreground shadow-xs [&_svg]:size-5">
          {icon}
        </div>
      )}
      <Heading className="text-base font-semibold">{title}</Heading>
      {description !== undefined && (
        <p className="max-w-md text-sm leading-5 text-balance text-muted-foreground">{description}</p>
      )}
      {children !== undefined && (
        <div className="mt-4 flex flex-wrap items-center justify-center gap-2">{children}</div>
      )}
    </div>
  );
}
