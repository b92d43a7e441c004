'use client';

import { useState } from 'react';

/** A yes or no that this browser remembers, such as whether a panel is open. */
export function useStoredFlag(
  name: string,
  standard: boolean,
): [value: boolean, set: (value: boolean) => void] {
  const [value, setValue] = useState(() => readStoredFlag(name, standard));
  const set = (next: boolean) => {
    setValue(next);
    window.localStorage.setItem(keyOf(name), next ? 'yes' : 'no');
  };
  return [value, set];
}

/** What this browser remembers; `standard` when it was never set. */
export function readStoredFlag(name: string, standard: boolean): boolean {
  const stored = window.localStorage.getItem(keyOf(name));
  return stored === null ? standard : stored === 'yes';
}

const keyOf = (name: string) => `patchbay:${name}`;
