'use client';

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

import { Spinner } from './spinner.tsx';

export { toast } from 'sonner';

/** Where toasts appear. Mounted once, in the root layout's providers. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
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
