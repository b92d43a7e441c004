'use client';

import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';

import type { DeadLetterView } from '#components/api/dead-letter-filter.ts';
import { resolveWindow, TIME_RANGE_NAMES } from '#components/runs/time-range.ts';

const STATES = ['open', 'redriven', 'discarded', 'all'] as const;
const SHOWN = ['causes', 'list'] as const;

const parsers = {
  show: parseAsStringLiteral(SHOWN).withDefault('causes'),
  flow: parseAsString,
  nodeId: parseAsString,
  errorKind: parseAsString,
  cause: parseAsString,
  q: parseAsString.withDefault(''),
  range: parseAsStringLiteral(TIME_RANGE_NAMES),
  from: parseAsString,
  to: parseAsString,
  state: parseAsStringLiteral(STATES).withDefault('open'),
};

/** What of the dead letters is shown, kept in the address so that it can be shared. The parts are named as in the API. */
export function useDeadLetterView() {
  const [fields, setFields] = useQueryStates(parsers, { throttleMs: 250, history: 'push' });
  const { show, flow, nodeId, errorKind, cause, q, range, from, to, state } = fields;
  const view = useMemo<DeadLetterView>(
    () => ({
      flow: flow ?? undefined,
      nodeId: nodeId ?? undefined,
      errorKind: errorKind ?? undefined,
      cause: cause ?? undefined,
      q: q.trim() === '' ? undefined : q.trim(),
      ...resolveWindow({ range, from, to }),
      state,
    }),
    [flow, nodeId, errorKind, cause, q, range, from, to, state],
  );
  const { state: _state, ...filters } = view;
  return {
    fields,
    setFields,
    view,
    /** One group is open: those of one cause are listed. */
    isGroup: cause !== null,
    isList: cause !== null || show === 'list',
    isNarrowed: state !== 'open' || Object.values(filters).some((value) => value !== undefined),
    clear: () => void setFields({ ...EMPTY, show }),
    closeGroup: () => void setFields({ ...EMPTY, show: 'causes', flow: null }),
  };
}

const EMPTY = {
  flow: null,
  nodeId: null,
  errorKind: null,
  cause: null,
  q: null,
  range: null,
  from: null,
  to: null,
  state: null,
};

export type DeadLetterViewState = ReturnType<typeof useDeadLetterView>;
