'use client';

import { useEffect, useEffectEvent, useState } from 'react';

import type { RunChange } from '#core/api/runs.ts';

import { readStream, type StreamState } from './event-source.ts';

export interface EventStreamListener {
  onChange: (change: RunChange) => void;
  /** After each connection and when the server says so: what was read before may be old. */
  onGap: () => void;
}

/** Reads a stream of run changes while mounted; `path` null reads nothing. */
export function useEventStream(path: string | null, listener: EventStreamListener): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const onChange = useEffectEvent(listener.onChange);
  const onGap = useEffectEvent(listener.onGap);

  useEffect(() => {
    if (path === null) return undefined;
    const stop = readStream(path, {
      onMessage: (text) => {
        const change = readChange(text);
        if (change !== undefined) onChange(change);
      },
      onGap: () => onGap(),
      onState: setState,
    });
    return () => {
      stop();
      setState('connecting');
    };
  }, [path]);

  return state;
}

function readChange(text: string): RunChange | undefined {
  try {
    const change = JSON.parse(text) as Partial<RunChange> | null;
    // Otherwise a keep-alive or a newer kind of event: nothing that this page shows.
    return typeof change?.id === 'string' && typeof change.status === 'string'
      ? (change as RunChange)
      : undefined;
  } catch {
    return undefined;
  }
}
