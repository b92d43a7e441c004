'use client';

import { useState } from 'react';

/** A yes or no that this browser remembers, such as whether a panel is open. */
export function useStoredFlag(
  name: string,
  standard: boolean,
): [value: boolean, set: (value: boolean) => void] {
  const key = `patchbay:${name}`;
  const [value, setValue] = useState(() => {
    const stored = window.localStorage.getItem(key);
    return stored === null ? standard : stored === 'yes';
  });
  const set = (next: boolean) => {
    setValue(next);
    window.localStorage.setItem(key, next ? 'yes' : 'no');
  };
  return [value, set];
}
