'use client';

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';

import { Spinner } from './spinner.tsx';

/** Where toasts appear; `onReady` is told when one that is shown now is seen. */
export function ToastWindow({ onReady }: { onReady: (show: typeof toast) => void }) {
  const { resolvedTheme } = useTheme();
  useEffect(() => onReady(toast), [onReady]);
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      gap={8}
      icons={{
        success: <CircleCheck className="size-4 text-success" />,
        error: <CircleAlert className="size-4 text-danger" />,
        warning: <TriangleAlert className="size-4 text-warning" />,
        info: <Info className="size-4 text-info" />,
        loading: <Spinner />,
      }}
      toastOptions={{
        classNames: {
          toast:
            '!rounded-lg !border !border-border !bg-raised !text-foreground !shadow-popup !font-sans !text-sm !gap-2.5',
          description: '!text-muted-foreground !text-xs whitespace-pre-line',
          actionButton: '!bg-accent !text-accent-foreground !rounded-md !font-medium',
        },
      }}
    />
  );
}
