'use client';

import { ChevronLeft, ChevronRight, X } from 'lucide-react';

import type { IterationPlace } from '#components/api/loops.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import type { Loop } from '#core/api/loops.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { useStepWords } from './step-looks.tsx';

export interface IterationBarProps {
  readonly document: FlowDocument;
  readonly place: IterationPlace;
  /** The loop that it is part of, where its size is known. */
  readonly loop: Loop | undefined;
  readonly onGo: (place: IterationPlace | null) => void;
}

/** Which item of which loop is looked into, with the ways to its neighbours and out. */
export function IterationBar({ document, place, loop, onGo }: IterationBarProps) {
  const { labelOf } = useStepWords();
  const indexes = place.key.split('.');
  const index = Number(indexes.at(-1));
  const node = document.nodes.find(({ id }) => id === place.loopId);
  const label = node === undefined ? place.loopId : labelOf(node);
  const go = (to: number) => onGo({ ...place, key: [...indexes.slice(0, -1), to].join('.') });
  const isLast = loop?.items != null && index >= loop.items - 1;
  return (
    <div className="sticky top-0 z-10 flex items-center gap-1 border-b border-border bg-surface px-4 py-1.5 text-sm">
      <span className="min-w-0 flex-1 truncate">
        <span className="text-muted-foreground">{label}</span>{' '}
        <span className="font-medium tabular-nums">item #{indexes.join('.')}</span>
        {loop?.items != null && (
          <span className="text-subtle-foreground tabular-nums"> of {loop.items.toLocaleString('en')}</span>
        )}
      </span>
      <IconButton size="sm" label="Item before" disabled={index === 0} onClick={() => go(index - 1)}>
        <ChevronLeft aria-hidden />
      </IconButton>
      <IconButton size="sm" label="Item after" disabled={isLast} onClick={() => go(index + 1)}>
        <ChevronRight aria-hidden />
      </IconButton>
      <IconButton size="sm" label="Back to all items" onClick={() => onGo(null)}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
