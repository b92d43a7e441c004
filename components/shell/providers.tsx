'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useEffect, useState, type ReactNode } from 'react';

import { makeQueryClient } from '#components/api/query-client.ts';
import { loadPalette } from '#components/command/command-palette.tsx';
import { onFirstInput } from '#components/ui/first-input.ts';
import { loadPopups } from '#components/ui/popups.ts';
import { loadToasts, Toaster } from '#components/ui/toast.tsx';
import { TooltipWindow } from '#components/ui/tooltip.tsx';

// What is loaded with the root layout is not loaded again by its error pages and its “not found”, which come with every page.
import 'next/link';
import './page-problem.tsx';

/** What every page stands on: theme, fetched data, state in the URL, tooltips, toasts. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  useEffect(() => onFirstInput(loadWhatOpens), []);
  return (
    <CSPProvider nonce={nonce}>
      <ThemeProvider
        attribute="class"
        defaultTheme="system"
        enableSystem
        disableTransitionOnChange
        nonce={nonce}
      >
        <QueryClientProvider client={queryClient}>
          <NuqsAdapter>
            {children}
            <TooltipWindow />
            <Toaster />
          </NuqsAdapter>
        </QueryClientProvider>
      </ThemeProvider>
    </CSPProvider>
  );
}

/** Not with the page, which is there sooner without; but before a person can have pressed anything. */
function loadWhatOpens(): void {
  loadPopups()
    .then(loadToasts)
    .then(loadPalette)
    .catch((error: unknown) => {
      console.warn('What opens could not all be loaded; once there is a network, will try again', error);
      window.addEventListener('online', loadWhatOpens, { once: true });
    });
}
