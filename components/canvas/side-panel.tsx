'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

import { cn } from '#components/ui/cn.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import { backdropClasses } from '#components/ui/popup-classes.ts';

export interface SidePanelProps {
  readonly side: 'left' | 'right';
  readonly label: string;
  /** Name for F6, see `focus-region.ts`. */
  readonly region: string;
  readonly isDrawer: boolean;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A panel beside the canvas; where there is no room for it, a drawer over the canvas. */
export function SidePanel({
  side,
  label,
  region,
  isDrawer,
  isOpen,
  onClose,
  className,
  children,
}: SidePanelProps) {
  if (!isOpen) return null;
  const border = side === 'left' ? 'border-r' : 'border-l';
  const close = (
    <IconButton
      size="sm"
      label={`Close ${label.toLowerCase()}`}
      className="absolute top-3 right-3"
      onClick={onClose}
    >
      <X />
    </IconButton>
  );
  if (!isDrawer) {
    return (
      <aside
        data-region={region}
        aria-label={label}
        className={cn('relative flex min-h-0 shrink-0 flex-col border-border bg-surface', border, className)}
      >
        {children}
        {/* The left one is closed where it was opened, in the header. */}
        {side === 'right' && close}
      </aside>
    );
  }
  return (
    <BaseDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={cn(backdropClasses)} />
        <BaseDialog.Popup
          aria-label={label}
          data-region={region}
          className={cn(
            'fixed inset-y-0 z-40 flex w-[min(22rem,90vw)] flex-col border-border bg-surface shadow-dialog outline-none transition-transform duration-150',
            side === 'left'
              ? 'left-0 border-r data-[ending-style]:-translate-x-full data-[starting-style]:-translate-x-full'
              : 'right-0 border-l data-[ending-style]:translate-x-full data-[starting-style]:translate-x-full',
          )}
        >
          {side === 'left' && <h2 className="px-4 pt-3.5 pb-1 text-sm font-semibold">{label}</h2>}
          {children}
          {close}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
