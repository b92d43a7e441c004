'use client';

import { useEffect } from 'react';

const KEY = 'patchbay:has-seen-run';

/** Whether a run was opened in this browser. */
export function hasSeenRun(): boolean {
  return window.localStorage.getItem(KEY) !== null;
}

/** Remembers that one was. */
export function useSeenRun(): void {
  useEffect(() => window.localStorage.setItem(KEY, 'yes'), []);
}
