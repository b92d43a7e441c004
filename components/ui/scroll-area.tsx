'use client';

import { ScrollArea as BaseScrollArea } from '@base-ui/react/scroll-area';
import type { ReactNode } from 'react';

import { cn } from './cn.ts';

/** A region that scrolls under a thin bar of our own. Give it a height. */
export function ScrollArea({
  className,
  children,
  label,
}: {
  className?: string;
  children: ReactNode;
  label?: string;
}) {
  return (
    <BaseScrollArea.Root className={cn('relative min-h-0 overflow-hidden', className)}>
      <BaseScrollArea.Viewport
        aria-label={label}
        role={label === undefined ? undefined : 'region'}
        className="h-full max-h-[inherit] overscroll-contain focus-ring-inset"
      >
        <BaseScrollArea.Content>{children}</BaseScrollArea.Content>
      </BaseScrollArea.Viewport>
      <ScrollBar orientation="vertical" />
      <ScrollBar orientation="horizontal" />
      <BaseScrollArea.Corner />
    </BaseScrollArea.Root>
  );
}

function ScrollBar({ orientation }: { orientation: 'vertical' | 'horizontal' }) {
  return (
    <BaseScrollArea.Scrollbar
      orientation={orientation}
      className={cn(
        'z-10 flex touch-none p-0.5 opacity-0 transition-opacity duration-150 select-none data-[hovering]:opacity-100 data-[scrolling]:opacity-100',
        orientation === 'vertical' ? 'w-2.5 justify-center' : 'h-2.5 items-center',
      )}
    >
      <BaseScrollArea.Thumb className="h-full w-full rounded-full bg-border-strong" />
    </BaseScrollArea.Scrollbar>
  );
}
