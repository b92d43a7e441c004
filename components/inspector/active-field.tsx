'use client';

import { createContext, use, useState } from 'react';
import type { ReactNode } from 'react';

type Insert = (path: string) => void;

/** The field that had focus last, for the tree of data to insert into. */
export interface ActiveField {
  set(insert: Insert): void;
  clear(insert: Insert): void;
  /** False when no field is there to take it. */
  insert(path: string): boolean;
}

const ActiveFieldContext = createContext<ActiveField>({
  set: () => {},
  clear: () => {},
  insert: () => false,
});

export function ActiveFieldProvider({ children }: { children: ReactNode }) {
  const [value] = useState(createActiveField);
  return <ActiveFieldContext value={value}>{children}</ActiveFieldContext>;
}

export function useActiveField(): ActiveField {
  return use(ActiveFieldContext);
}

function createActiveField(): ActiveField {
  let current: Insert | null = null;
  return {
    set(insert) {
      current = insert;
    },
    clear(insert) {
      if (current === insert) current = null;
    },
    insert(path) {
      current?.(path);
      return current !== null;
    },
  };
}
