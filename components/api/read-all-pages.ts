import type { Page } from '#core/api/common.ts';

import { api } from './client.ts';

/** No list that is read whole has more pages than this; more would be a server that repeats itself. */
const MAX_PAGES = 50;

/** Reads a list to its end, 200 at a time. */
export async function readAllPages<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const page: Page<T> = await api.get(path, { query: { limit: 200, cursor }, signal });
    all.push(...page.data);
    cursor = page.next;
    if (cursor === null) break;
  }
  return all;
}
