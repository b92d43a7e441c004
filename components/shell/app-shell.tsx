import type { ReactNode } from 'react';

import { CommandPalette } from '#components/command/command-palette.tsx';
import { LedgerBanner } from '#components/ledger/ledger-banner.tsx';

import { BottomBar } from './bottom-bar.tsx';
import { Sidebar } from './sidebar.tsx';

/** The frame of every page behind the sign-in: navigation and the page's own scrolling area. */
export function AppShell({ startsFolded, children }: { startsFolded: boolean; children: ReactNode }) {
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-raised px-3 py-2 text-sm font-medium shadow-popup focus-ring focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <Sidebar startsFolded={startsFolded} />
      <main
        id="content"
        tabIndex={-1}
        className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto outline-none"
      >
        <LedgerBanner />
        {children}
      </main>
      <BottomBar />
      <CommandPalette />
    </div>
  );
}
