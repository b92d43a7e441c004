import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';

/** A bordered surface. */
export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn('rounded-lg border border-border bg-surface', className)} {...props} />;
}

/** Title, a sentence and actions at the top of a card. */
export function CardHeader(props: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn('flex flex-wrap items-start justify-between gap-3 px-4 py-3', props.className)}>
      <div className="min-w-0">
        <h2 className="text-base font-semibold tracking-tight">{props.title}</h2>
        {props.description !== undefined && (
          <p className="mt-0.5 text-sm text-muted-foreground">{props.description}</p>
        )}
      </div>
      {props.actions !== undefined && <div className="flex items-center gap-2">{props.actions}</div>}
    </div>
  );
}

export function CardBody({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('px-4 py-3', className)} {...props} />;
}
