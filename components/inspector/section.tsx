'use client';

import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** A part of the inspector that folds away. `data-fold` lets a link to a fault open it. */
export function Section({
  title,
  aside,
  startsOpen = false,
  children,
}: {
  title: string;
  aside?: ReactNode;
  startsOpen?: boolean;
  children: ReactNode;
}) {
  return (
    <details open={startsOpen} data-fold className="group border-t border-border">
      <summary className="flex h-10 cursor-pointer list-none items-center gap-1.5 px-4 text-sm font-medium select-none focus-ring-inset hover:bg-muted/50 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-3.5 text-subtle-foreground transition-transform group-open:rotate-90"
        />
        {title}
        {aside !== undefined && (
          <span className="ml-auto text-xs font-normal text-subtle-foreground">{aside}</span>
        )}
      </summary>
      <div className="flex flex-col gap-4 px-4 pt-1 pb-4">{children}</div>
    </details>
  );
}
