import type { ReactNode } from 'react';

import { BrandMark } from './brand-mark.tsx';

/** A page for people who may have no account here: the mark and one card. */
export function LonePage({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-12">
      <div className="w-full max-w-120">
        <div className="mb-8 flex items-center justify-center gap-2.5">
          <BrandMark className="size-8" />
          <span className="text-xl font-semibold tracking-tight">Patchbay</span>
        </div>
        {children}
      </div>
    </main>
  );
}
