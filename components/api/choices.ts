'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

import type { Choice, choiceListSchema } from '#core/api/choices.ts';
import type { Page } from '#core/api/common.ts';
import type { JsonObject } from '#core/json.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** A live list of a connected account, and what it is asked for. */
export interface ChoiceQuery {
  readonly connector: string;
  readonly loader: string;
  /** The connection's slug. */
  readonly connection: string;
  /** Those of the step that the list depends on. */
  readonly settings: JsonObject;
  readonly search: string;
}

const FRESH_MS = 60_000;

/** What a setting can be chosen from, a page at a time; asked for only while somebody looks. */
export function useChoices(asked: ChoiceQuery, isOpen: boolean) {
  return useInfiniteQuery({
    queryKey: queryKeys.choices(asked),
    queryFn: ({ pageParam, signal }) => readChoices(asked, pageParam, signal),
    enabled: isOpen && asked.connection !== '',
    staleTime: FRESH_MS,
    retry: false,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

function readChoices(
  { connector, loader, connection, settings, search }: ChoiceQuery,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Choice>> {
  return api.get<Reply<typeof choiceListSchema>>(`/connectors/${connector}/options/${loader}`, {
    query: { connection, settings: JSON.stringify(settings), search, cursor },
    signal,
  });
}
