'use client';

import { AlertDialog as BaseAlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';

import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { dialogPopupClasses, dialogViewportClasses } from './dialog.tsx';
import { backdropClasses } from './popup-classes.ts';

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
  return (
    <BaseAlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseAlertDialog.Portal>
        <BaseAlertDialog.Backdrop className={cn(backdropClasses)} />
        <BaseAlertDialog.Viewport className={dialogViewportClasses}>
          <BaseAlertDialog.Popup className={cn(dialogPopupClasses, 'max-w-md')}>
            <div className="flex flex-col gap-2 px-5 py-4">
              <BaseAlertDialog.Title className="text-lg font-semibold tracking-tight break-words">
                {title}
              </BaseAlertDialog.Title>
              <BaseAlertDialog.Description className="text-sm leading-5 text-muted-foreground">
                {description}
              </BaseAlertDialog.Description>
              {children}
            </div>
            <div className="flex flex-wrap justify-end gap-2 border-t border-border px-5 py-3">
              <BaseAlertDialog.Close render={<Button disabled={pending} />}>
                {cancelLabel}
              </BaseAlertDialog.Close>
              <Button variant={danger ? 'danger' : 'primary'} loading={pending} onClick={onConfirm}>
                {confirmLabel}
              </Button>
            </div>
          </BaseAlertDialog.Popup>
        </BaseAlertDialog.Viewport>
      </BaseAlertDialog.Portal>
    </BaseAlertDialog.Root>
  );
}
