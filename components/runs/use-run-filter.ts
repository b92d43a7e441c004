'use client';

import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';

import type { RunFilter } from '#components/api/run-filter.ts';
import { RUN_STATUSES } from '#core/api/words.ts';

import { resolveWindow, TIME_RANGE_NAMES } from './time-range.ts';

const parsers = {
  flow: parseAsString,
  status: parseAsArrayOf(parseAsStringLiteral(RUN_STATUSES)).withDefault([]),
  q: parseAsString.withDefault(''),
  as: parseAsStringLiteral(['text']),
  range: parseAsStringLiteral(TIME_RANGE_NAMES),
  from: parseAsString,
  to: parseAsString,
  by: parseAsStringLiteral(['ended']),
};

/** The filter of the list of runs, kept in the address so that a view can be shared. */
export function useRunFilter() {
  const [fields, setFields] = useQueryStates(parsers, { throttleMs: 250 });
  const { flow, status, q, as, range, from, to, by } = fields;
  const statuses = status.join(',');
  const filter = useMemo<RunFilter>(
    () => ({
      flow: flow ?? undefined,
      status: statuses === '' ? undefined : RUN_STATUSES.filter((each) => statuses.split(',').includes(each)),
      q: q.trim() === '' ? undefined : q.trim(),
      as: as ?? undefined,
      ...resolveWindow({ range, from, to }),
      by: by ?? undefined,
    }),
    [flow, statuses, q, as, range, from, to, by],
  );
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  return { fields, setFields, clear: () => void setFields(null), filter, isNarrowed };
}

export type RunFilterState = ReturnType<typeof useRunFilter>;
