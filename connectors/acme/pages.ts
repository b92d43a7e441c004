import { z } from 'zod';

import { type HttpCall, setting } from '#connectors/kit/http-call.ts';
import { limitSetting } from '#connectors/kit/http-operations.ts';

/** A list of all records, as Acme turns its pages. */
export function acmeList(path: string): HttpCall {
  return {
    method: 'GET',
    path,
    pick: '/data',
    paging: { kind: 'cursor', next: '/nextCursor', name: 'cursor', size: { name: 'limit', most: 100 } },
  };
}

/** The same of what changed lately. */
export function acmeChanges(path: string): HttpCall {
  return { ...acmeList(path), query: { updated_since: setting('updatedSince') } };
}

/** Settings of such a list. */
export const listInput = z.strictObject({
  updatedSince: z.string().optional().meta({
    title: 'Changed since',
    help: 'A time such as 2026-01-15T09:30:00Z. Left empty: all.',
    placeholder: '2026-01-15T09:30:00Z',
  }),
  limit: limitSetting(100),
});
