'use client';

import { Check, CloudOff, GitCompareArrows, Pencil, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Spinner } from '#components/ui/spinner.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';

import type { DraftSaver, SaveState } from './draft-saver.ts';
import { useCountdown } from './use-countdown.ts';

interface Look {
  readonly word: string;
  readonly icon: ReactNode;
  readonly tone?: string;
  readonly detail: string;
}

const LOOKS: Readonly<Record<SaveState['kind'], Look>> = {
  saved: { word: 'Saved', icon: <Check aria-hidden />, detail: 'The draft is stored.' },
  unsaved: { word: 'Editing…', icon: <Pencil aria-hidden />, detail: 'Saved after a short pause.' },
  saving: { word: 'Saving…', icon: <Spinner />, detail: 'The draft is on its way.' },
  offline: {
    word: 'Offline',
    icon: <CloudOff aria-hidden />,
    tone: 'text-warning',
    detail: 'Patchbay cannot be reached. Your edits are kept in this browser and sent as soon as it can.',
  },
  refused: { word: 'Not saved', icon: <TriangleAlert aria-hidden />, tone: 'text-danger', detail: '' },
  conflict: {
    word: 'Conflict',
    icon: <GitCompareArrows aria-hidden />,
    tone: 'text-danger',
    detail: 'Someone else changed the same places. Nothing is lost: choose which edits stay.',
  },
};

/** Whether the draft is stored, in a word; when it is not, why, and the button that tries again. */
export function SaveStatus({
  state,
  saver,
  onResolve,
}: {
  state: SaveState;
  saver: DraftSaver;
  onResolve: () => void;
}) {
  const look = LOOKS[state.kind];
  const retry = useCountdown(state.kind === 'offline' ? new Date(state.retryAt).toISOString() : null);
  const word = retry ? `${look.word} — will retry ${retry}` : look.word;
  return (
    <span className="flex shrink-0 items-center gap-1" data-save-state={state.kind}>
      <Tooltip label={state.kind === 'refused' ? state.message : look.detail}>
        <span
          tabIndex={0}
          className={cn(
            'flex min-w-0 items-center gap-1.5 rounded-sm px-1 text-xs focus-ring [&_svg]:size-3.5 [&_svg]:shrink-0',
            look.tone ?? 'text-muted-foreground',
          )}
        >
          {look.icon}
          <span className="truncate max-lg:sr-only">{word}</span>
        </span>
      </Tooltip>
      {/* Only what needs somebody is said aloud: "Saved" after every word would be noise. */}
      <span role="status" className="sr-only">
        {look.tone ? word : ''}
      </span>
      {(state.kind === 'offline' || state.kind === 'refused') && (
        <Button size="sm" variant="ghost" onClick={() => void saver.flush()}>
          {state.kind === 'offline' ? 'Retry now' : 'Save again'}
        </Button>
      )}
      {state.kind === 'conflict' && (
        <Button size="sm" onClick={onResolve}>
          Resolve
        </Button>
      )}
    </span>
  );
}
