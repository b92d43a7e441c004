'use client';

import { FlaskConical } from 'lucide-react';
import { useState } from 'react';

import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import type { Run } from '#core/api/runs.ts';

const SaveTestDialog = lazyPart(
  async () => (await import('./save-test-dialog.tsx')).SaveTestDialog,
  ({ isOpen }) => isOpen,
);

/** On the page of a run that has ended: makes a test of its flow out of it. */
export function SaveAsTest({ run }: { run: Run }) {
  const [isOpen, setOpen] = useState(false);
  if (!useRight('flow:edit')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <FlaskConical aria-hidden />
        <span className="max-lg:sr-only">Save as test…</span>
      </Button>
      <SaveTestDialog run={run} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}
