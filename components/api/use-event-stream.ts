'use client';

import { useEffect, useEffectEvent, useState } from 'react';

import { runChangeSchema, type RunChange } from '#core/api/runs.ts';

import { API_BASE } from './client.ts';

export type StreamState = 'connecting' | 'live' | 'reconnecting';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

export interface EventStreamListener {
  onChange: (change: RunChange) => void;
  /** After each connection and when the server says so: what was read before may be old. */
  onGap: () => void;
}

/**
 * Reads a stream of run changes while mounted; `path` null reads nothing. Connects again by itself, at growing
 * distances: the browser's own reconnection gives up for good on any answer other than 200.
 */
export function useEventStream(path: string | null, listener: EventStreamListener): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const onChange = useEffectEvent(listener.onChange);
  const onGap = useEffectEvent(listener.onGap);

  useEffect(() => {
    if (path === null) return undefined;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let wasOpen = false;

    const receive = (event: MessageEvent<string>) => {
      const change = readChange(event.data);
      if (change !== undefined) onChange(change);
    };
    const open = () => {
      clearTimeout(timer);
      timer = undefined;
      source = new EventSource(`${API_BASE}${path}`);
      source.addEventListener('message', receive);
      source.addEventListener('gap', () => onGap());
      source.addEventListener('open', () => {
        failures = 0;
        setState('live');
        wasOpen = true;
        onGap();
      });
      source.addEventListener('error', () => {
        source?.close();
        setState(wasOpen || failures > 0 ? 'reconnecting' : 'connecting');
        timer = setTimeout(open, reconnectWait(failures, Math.random()));
        failures += 1;
        // A stream does not say why it was refused. A reading does: after the end of the session it leads to the sign-in.
        if (failures === 2) onGap();
      });
    };
    const hurry = () => {
      if (timer !== undefined) open();
    };
    open();
    window.addEventListener('online', hurry);
    return () => {
      window.removeEventListener('online', hurry);
      clearTimeout(timer);
      source?.close();
      setState('connecting');
    };
  }, [path]);

  return state;
}

/** Milliseconds before the next try: doubling, capped, spread so that many tabs do not come back at once. */
export function reconnectWait(failures: number, random: number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return longest / 2 + (longest / 2) * random;
}

function readChange(text: string): RunChange | undefined {
  try {
    return runChangeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // A keep-alive or a newer kind of event: nothing that this page shows.
    return undefined;
  }
}
