'use client';

import { Repeat2 } from 'lucide-react';
import { useState } from 'react';

import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import type { Run } from '#core/api/runs.ts';

import { ReplayDialog } from './lazy-replay-dialog.ts';

/** In the header of a run that ended well, or was cancelled: those that failed have it among what can be done. */
export function ReplayButton({ run }: { run: Run }) {
  const [isOpen, setOpen] = useState(false);
  const mayReplay = useRight('run:replay');
  if (!mayReplay) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Repeat2 aria-hidden />
        Replay…
      </Button>
      <ReplayDialog run={run} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}
