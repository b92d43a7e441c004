'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';

import { STATS_RANGE_NAMES } from '#core/stats/time-points.ts';

const parsers = {
  range: parseAsStringLiteral(STATS_RANGE_NAMES).withDefault('24h'),
  flow: parseAsString,
};

/** Range and flow of the dashboard, kept in the address so that a view can be shared. */
export function useDashboardView() {
  const [view, setView] = useQueryStates(parsers);
  return { view, setView };
}
