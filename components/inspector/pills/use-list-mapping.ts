'use client';

import type { Json } from '#core/json.ts';
import { startListMapping, writeListMapping } from '#core/pills/list-mapping.ts';
import type { PillPath } from '#core/pills/pill-path.ts';
import { sampleAt } from '#core/pills/sample-at.ts';

import { useSettings } from '../setting-context.tsx';

/** Puts in place of a list a mapping of it, which begins with the fields that its items have. */
export function useListMapping(onChange: (value: Json) => void): ((path: PillPath) => void) | undefined {
  const { pills: facts } = useSettings();
  // Within a mapping there is no other: its lists are reached by an expression.
  if (!facts || facts.list) return undefined;
  return (path) =>
    onChange({ $expr: writeListMapping(startListMapping(path, sampleAt(path, facts.scope, facts.item))) });
}
