'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';

import { isEmpty } from './selection.ts';
import type { SelectionState } from './use-selection.ts';

export interface SelectionBarProps {
  readonly state: SelectionState;
  /** True when the list has more than what is loaded. */
  readonly hasMore: boolean;
  /** What the list holds: `dead letters`. */
  readonly noun: string;
  /** The buttons. */
  readonly children: ReactNode;
}

/** Below a list of which something is chosen: how much, and what can be done with it. */
export function SelectionBar({ state, hasMore, noun, children }: SelectionBarProps) {
  const { selection } = state;
  if (isEmpty(selection)) return null;
  return (
    <div
      role="region"
      aria-label="Selection"
      className="sticky bottom-0 z-10 flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-border bg-raised px-4 py-2.5 shadow-popup md:px-6"
    >
      <IconButton size="sm" label="Clear the selection" onClick={state.clear}>
        <X aria-hidden />
      </IconButton>
      <p aria-live="polite" className="text-sm font-medium tabular-nums">
        {selection.isAll ? `All ${noun} that match` : `${selection.ids.size.toLocaleString('en')} selected`}
      </p>
      {hasMore && !selection.isAll && state.state === 'all' && (
        <Button variant="link" onClick={state.selectEverything}>
          Select all that match
        </Button>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}
