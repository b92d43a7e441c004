'use client';

import { ContextMenu as BaseContextMenu } from '@base-ui/react/context-menu';
import type { ReactNode } from 'react';

import { cn } from './cn.ts';
import { menuPopupClasses } from './menu.tsx';

export const ContextMenu = BaseContextMenu.Root;
export const ContextMenuTrigger = BaseContextMenu.Trigger;

/** The list of a context menu; `MenuItem`, `MenuSeparator` and the others go inside. */
export function ContextMenuContent({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <BaseContextMenu.Portal>
      <BaseContextMenu.Positioner className="z-50 outline-none">
        <BaseContextMenu.Popup className={cn(menuPopupClasses, className)}>{children}</BaseContextMenu.Popup>
      </BaseContextMenu.Positioner>
    </BaseContextMenu.Portal>
  );
}
