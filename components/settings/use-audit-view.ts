'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';

import type { AuditView } from '#components/api/audit.ts';
import { resolveWindow, TIME_RANGE_NAMES } from '#components/runs/time-range.ts';

const parsers = {
  q: parseAsString.withDefault(''),
  actor: parseAsString.withDefault(''),
  action: parseAsString.withDefault(''),
  range: parseAsStringLiteral(TIME_RANGE_NAMES),
  from: parseAsString,
  to: parseAsString,
};

/** What the audit log is narrowed to, kept in the address so that a view can be shared. */
export function useAuditView() {
  const [fields, setFields] = useQueryStates(parsers, { throttleMs: 250 });
  const { q, actor, action, range, from, to } = fields;
  const view = useMemo<AuditView>(
    () => ({
      q: q.trim() || undefined,
      actor: actor.trim() || undefined,
      action: action.trim() || undefined,
      ...resolveWindow({ range, from, to }),
    }),
    [q, actor, action, range, from, to],
  );
  const isNarrowed = Object.values(view).some((value) => value !== undefined);
  return { fields, setFields, clear: () => void setFields(null), view, isNarrowed };
}

export type AuditViewState = ReturnType<typeof useAuditView>;
