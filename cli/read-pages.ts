import type { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import { callApi, type ApiCall } from './call-api.ts';

/** Every item of a list, or the first `atMost`, in the API's own shape: `next` is null unless items were left out. */
export async function readPages<T>(
  path: string,
  schema: z.ZodType<Page<T>>,
  options: { readonly query?: ApiCall['query']; readonly atMost?: number } = {},
): Promise<Page<T>> {
  const { query, atMost = Number.POSITIVE_INFINITY } = options;
  const data: T[] = [];
  let next: string | null = null;
  do {
    const limit = Math.min(200, atMost - data.length);
    const page: Page<T> = (
      await callApi(path, schema, { query: { ...query, limit, cursor: next ?? undefined } })
    ).body;
    data.push(...page.data);
    next = page.next;
  } while (next !== null && data.length < atMost);
  return { data, next };
}
