'use client';

import { parseAsString, useQueryStates } from 'nuqs';

const parsers = { node: parseAsString, key: parseAsString.withDefault('') };

/** The step that the address names: `?node=post&key=3.1`. */
export function useStepPlace() {
  return useQueryStates(parsers, { history: 'replace' });
}
