'use client';

import type { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';
import { backdropClasses } from './popup-classes.ts';
import { popupParts, usePopups } from './popups.ts';

/** A window over the page, opened by `open`; `DialogContent` is what it shows. */
export function Dialog(props: ComponentProps<typeof BaseDialog.Root>) {
  const parts = usePopups(props.open);
  return parts === undefined ? null : <parts.Dialog.Root {...props} />;
}

export function DialogClose(props: ComponentProps<typeof BaseDialog.Close>) {
  const parts = popupParts();
  return <parts.Dialog.Close {...props} />;
}

export const dialogPopupClasses = [
  'relative flex max-h-[calc(100dvh-max(1rem,10dvh)-1rem)] w-full flex-col rounded-xl border border-border bg-raised text-foreground shadow-dialog outline-none',
  'transition-[opacity,scale,translate] duration-150 ease-out',
  'data-[ending-style]:scale-98 data-[ending-style]:opacity-0 data-[starting-style]:scale-98 data-[starting-style]:opacity-0',
];
export const dialogViewportClasses =
  'fixed inset-0 z-50 flex items-start justify-center p-4 pt-[max(1rem,10dvh)]';

const widths = {
  sm: 'max-w-md',
  md: 'max-w-lg',
  lg: 'max-w-2xl',
  xl: 'max-w-4xl',
  // Nearly the whole window. It does not grow while it opens: what is drawn in it is measured meanwhile.
  full: 'max-w-[110rem] h-[calc(100dvh-2rem)] max-h-none -mt-[calc(max(1rem,10dvh)-1rem)] data-[ending-style]:scale-100 data-[starting-style]:scale-100',
};

export interface DialogContentProps extends Omit<ComponentProps<typeof BaseDialog.Popup>, 'title'> {
  title: ReactNode;
  description?: ReactNode;
  /** Default `md`. */
  size?: keyof typeof widths;
  children?: ReactNode;
}

/** The window of a dialog with its title and a close button. Put `DialogBody` and `DialogFooter` inside. */
export function DialogContent({
  title,
  description,
  size = 'md',
  className,
  children,
  ...props
}: DialogContentProps) {
  const parts = popupParts();
  return (
    <parts.Dialog.Portal>
      <parts.Dialog.Backdrop className={cn(backdropClasses)} />
      <parts.Dialog.Viewport className={dialogViewportClasses}>
        <parts.Dialog.Popup className={cn(dialogPopupClasses, widths[size], className)} {...props}>
          <div className="flex flex-col gap-1 px-5 pt-4 pr-12">
            <parts.Dialog.Title className="text-lg font-semibold tracking-tight">{title}</parts.Dialog.Title>
            {description !== undefined && (
              <parts.Dialog.Description className="text-sm text-muted-foreground">
                {description}
              </parts.Dialog.Description>
            )}
          </div>
          {children}
          <parts.Dialog.Close
            aria-label="Close"
            className="absolute top-3 right-3 flex size-8 cursor-pointer items-center justify-center rounded-md text-muted-foreground focus-ring hover:bg-muted hover:text-foreground"
          >
            <X aria-hidden className="size-4" />
          </parts.Dialog.Close>
        </parts.Dialog.Popup>
      </parts.Dialog.Viewport>
    </parts.Dialog.Portal>
  );
}

/** The scrolling middle of a dialog. */
export function DialogBody({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div className={cn('flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4', className)} {...props} />
  );
}

/** The buttons of a dialog, the main one last. */
export function DialogFooter({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      className={cn(
        'flex flex-wrap items-center justify-end gap-2 rounded-b-xl border-t border-border px-5 py-3',
        className,
      )}
      {...props}
    />
  );
}
