'use client';

import { useSyncExternalStore } from 'react';

type Listener = () => void;
interface Clock {
  now: number;
  readonly listeners: Set<Listener>;
  timer: ReturnType<typeof setInterval> | undefined;
}

/** One timer for each pace, shared by all that show the time. */
const clocks = new Map<number, Clock>();

/** The time in milliseconds, drawn anew every `everyMs`. Shared: everything on the page sees the same now. */
export function useNow(everyMs = 15_000): number {
  const clock = clockFor(everyMs);
  return useSyncExternalStore(
    (listener) => subscribe(clock, everyMs, listener),
    () => clock.now,
    () => clock.now,
  );
}

function clockFor(everyMs: number): Clock {
  const existing = clocks.get(everyMs);
  if (existing !== undefined) return existing;
  const clock: Clock = { now: Date.now(), listeners: new Set(), timer: undefined };
  clocks.set(everyMs, clock);
  return clock;
}

function subscribe(clock: Clock, everyMs: number, listener: Listener): () => void {
  clock.listeners.add(listener);
  if (clock.timer === undefined) {
    clock.now = Date.now();
    clock.timer = setInterval(() => {
      clock.now = Date.now();
      for (const wake of clock.listeners) wake();
    }, everyMs);
  }
  return () => {
    clock.listeners.delete(listener);
    if (clock.listeners.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
}
