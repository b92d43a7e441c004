'use client';

import type { ReactNode } from 'react';

import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { dialogPopupClasses, dialogViewportClasses } from './dialog.tsx';
import { backdropClasses } from './popup-classes.ts';
import { usePopups } from './popups.ts';

export interface AlertDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What will happen, and what will not. */
  description: ReactNode;
  children?: ReactNode;
  confirmLabel: string;
  cancelLabel?: string;
  /** Red button. Default true. */
  danger?: boolean;
  /** While the work goes on; the dialog stays open. */
  pending?: boolean;
  onConfirm: () => void;
}

/** Asks before something that cannot be taken back. The caller closes it when the work has succeeded. */
export function AlertDialog(props: AlertDialogProps) {
  const { open, onOpenChange, title, description, children, confirmLabel, cancelLabel = 'Cancel' } = props;
  const { danger = true, pending = false, onConfirm } = props;
  const parts = usePopups(open);
  if (parts === undefined) return null;
  return (
    <parts.AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <parts.AlertDialog.Portal>
        <parts.AlertDialog.Backdrop className={cn(backdropClasses)} />
        <parts.AlertDialog.Viewport className={dialogViewportClasses}>
          <parts.AlertDialog.Popup className={cn(dialogPopupClasses, 'max-w-md')}>
            <div className="flex flex-col gap-2 px-5 py-4">
              <parts.AlertDialog.Title className="text-lg font-semibold tracking-tight break-words">
                {title}
              </parts.AlertDialog.Title>
              <parts.AlertDialog.Description className="text-sm leading-5 text-muted-foreground">
                {description}
              </parts.AlertDialog.Description>
              {children}
            </div>
            <div className="flex flex-wrap justify-end gap-2 border-t border-border px-5 py-3">
              <parts.AlertDialog.Close render={<Button disabled={pending} />}>
                {cancelLabel}
              </parts.AlertDialog.Close>
              <Button variant={danger ? 'danger' : 'primary'} loading={pending} onClick={onConfirm}>
                {confirmLabel}
              </Button>
            </div>
          </parts.AlertDialog.Popup>
        </parts.AlertDialog.Viewport>
      </parts.AlertDialog.Portal>
    </parts.AlertDialog.Root>
  );
}
