'use client';

import { useSyncExternalStore } from 'react';

interface Clock {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number;
}

/** One timer for each pace, shared by all that show the time. */
const clocks = new Map<number, Clock>();

/** The time in milliseconds, drawn anew every `everyMs`. Shared: everything on the page sees the same now. */
export function useNow(everyMs = 15_000): number {
  const clock = clockFor(everyMs);
  return useSyncExternalStore(clock.subscribe, clock.read, clock.read);
}

function clockFor(everyMs: number): Clock {
  const existing = clocks.get(everyMs);
  if (existing !== undefined) return existing;
  const clock = makeClock(everyMs);
  clocks.set(everyMs, clock);
  return clock;
}

/** Ticks while somebody listens. */
function makeClock(everyMs: number): Clock {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    if (timer === undefined) {
      now = Date.now();
      timer = setInterval(tick, everyMs);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  return { subscribe, read: () => now };
}
