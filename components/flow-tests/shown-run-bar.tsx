'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { isEnded } from '#components/runs/run-words.ts';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import type { Run } from '#core/api/runs.ts';

import { useShownRun } from './use-shown-run.ts';

/** Over the canvas: which run it shows, how that stands, the way to all of it, and the way back to the bare flow. */
export function ShownRunBar() {
  const store = useEditorStore();
  const id = useEditor((state) => state.shownRunId);
  const run = useShownRun();
  useAnnouncedEnd(run);
  if (id === null) return null;
  return (
    <div className="flex items-center gap-2 border-b border-border bg-surface px-3 py-1.5 text-sm">
      <span className="shrink-0 whitespace-nowrap text-muted-foreground">Shows a run</span>
      <span role="status" className="flex min-w-0 items-center gap-2">
        {run && <StatusBadge status={run.status} />}
        {run?.error && <span className="min-w-0 truncate text-danger">{run.error.message}</span>}
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-1">
        <Button size="sm" nativeButton={false} render={<Link href={`/runs/${id}`} />}>
          Open the run
        </Button>
        <IconButton
          size="sm"
          label="Stop showing the run"
          onClick={() => store.setState({ shownRunId: null })}
        >
          <X />
        </IconButton>
      </span>
    </div>
  );
}

function useAnnouncedEnd(run: Run | undefined): void {
  const store = useEditorStore();
  const end = run && isEnded(run.status) ? `The run ${run.status}` : null;
  useEffect(() => {
    if (end !== null) store.announce(end);
  }, [store, end]);
}
