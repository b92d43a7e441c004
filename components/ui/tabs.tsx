'use client';

import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ComponentProps } from 'react';

import { cn } from './cn.ts';

export function Tabs({ className, ...props }: ComponentProps<typeof BaseTabs.Root>) {
  return <BaseTabs.Root className={cn('flex min-h-0 flex-col', className)} {...props} />;
}

/** The row of tabs, with a line under the chosen one. */
export function TabsList({ className, children, ...props }: ComponentProps<typeof BaseTabs.List>) {
  return (
    <BaseTabs.List
      className={cn('relative flex shrink-0 gap-4 overflow-x-auto border-b border-border', className)}
      {...props}
    >
      {children}
      <BaseTabs.Indicator className="absolute bottom-0 left-0 h-0.5 w-(--active-tab-width) translate-x-(--active-tab-left) rounded-full bg-accent transition-[translate,width] duration-150" />
    </BaseTabs.List>
  );
}

export function Tab({ className, ...props }: ComponentProps<typeof BaseTabs.Tab>) {
  return (
    <BaseTabs.Tab
      className={cn(
        'flex h-9 cursor-pointer items-center gap-1.5 rounded-sm text-sm font-medium whitespace-nowrap text-muted-foreground select-none',
        'focus-ring-inset hover:text-foreground data-[active]:text-foreground data-[disabled]:cursor-default data-[disabled]:opacity-50',
        className,
      )}
      {...props}
    />
  );
}

export function TabPanel({ className, ...props }: ComponentProps<typeof BaseTabs.Panel>) {
  return <BaseTabs.Panel className={cn('relative min-h-0 flex-1 focus-ring-inset', className)} {...props} />;
}
