'use client';

import { lazyPart } from '#components/ui/lazy-part.tsx';

/** It brings expressions and their editor along, so it comes after the page. */
export const ReplayDialog = lazyPart(
  async () => (await import('./replay-dialog.tsx')).ReplayDialog,
  ({ isOpen }) => isOpen,
);
