'use client';

import { useEditor } from './editor-context.tsx';

/** Says what happened, politely, to those who do not see it. */
export function LiveRegion() {
  const { text, serial } = useEditor((state) => state.announcement);
  return (
    <div role="status" aria-live="polite" className="sr-only" data-testid="announcement">
      {/* A new element each time, so that the same words are said again. */}
      <span key={serial}>{text}</span>
    </div>
  );
}
