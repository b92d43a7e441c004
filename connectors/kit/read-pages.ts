import type { HttpResponse } from '#connectors/contract.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import type { CallParts } from './build-call.ts';
import type { Paging } from './http-call.ts';
import { readEach, readPointer } from './pointer.ts';

/** Where a page begins: a cursor, a number, or the query of a link. Null for the first one. */
export type PageMark = string | number | null;

/** A reply with its body read. */
export interface ReadReply {
  readonly response: HttpResponse;
  readonly body: Json;
}

export interface ReadPage {
  readonly items: readonly Json[];
  /** Null after the last page. */
  readonly next: PageMark;
}

/** A far end that never comes to an end must not hold a step for ever. */
const MAX_PAGES = 200;

/** Up to `limit` items, over as many pages as that takes. */
export async function readPages(
  parts: CallParts & { readonly paging: Paging },
  { limit, send }: { readonly limit: number; readonly send: (parts: CallParts) => Promise<ReadReply> },
): Promise<readonly Json[]> {
  const items: Json[] = [];
  let mark: PageMark = null;
  for (let page = 0; page < MAX_PAGES && items.length < limit; page++) {
    const asked = pageParts(parts, { mark, size: limit - items.length });
    const read = readPage(parts, { mark, reply: await send(asked) });
    items.push(...read.items);
    if (read.next === null || read.next === mark) break;
    mark = read.next;
  }
  return items.slice(0, limit);
}

/** The call for one page of at most `size` items. */
export function pageParts(
  { paging, ...parts }: CallParts & { readonly paging: Paging },
  { mark, size }: { readonly mark: PageMark; readonly size: number },
): CallParts {
  const { size: pageSize } = paging;
  // Pages that are counted must all be of one size.
  const isCounted = paging.kind === 'page' || paging.kind === 'offset';
  const count = isCounted ? pageSize.most : Math.max(1, Math.min(size, pageSize.most));
  const sized = withParameter(parts, pageSize, count);
  if (mark === null) return sized;
  if (paging.kind !== 'link') return withParameter(sized, paging, mark);
  return { ...parts, query: [...new URLSearchParams(String(mark))] };
}

/** What a reply to `pageParts` holds, and where the next page begins. */
export function readPage(
  { call, paging }: { readonly call: CallParts['call']; readonly paging: Paging },
  { mark, reply }: { readonly mark: PageMark; readonly reply: ReadReply },
): ReadPage {
  const found = readEach(reply.body, call.pick ?? '');
  const items = Array.isArray(found) ? (found as readonly Json[]) : [];
  return { items, next: nextMark(paging, { mark, reply, items }) };
}

interface Turned {
  readonly mark: PageMark;
  readonly reply: ReadReply;
  readonly items: readonly Json[];
}

function nextMark(paging: Paging, { mark, reply, items }: Turned): PageMark {
  const { body, response } = reply;
  const isFull = items.length >= paging.size.most;
  switch (paging.kind) {
    case 'cursor':
      return markOf(readPointer(body, paging.next));
    case 'link': {
      const link =
        paging.next === undefined ? nextLink(response.headers['link']) : readPointer(body, paging.next);
      return typeof link === 'string' && URL.canParse(link) ? new URL(link).search.slice(1) : null;
    }
    case 'page':
      return isFull ? (typeof mark === 'number' ? mark : (paging.first ?? 1)) + 1 : null;
    case 'offset':
      return isFull ? (typeof mark === 'number' ? mark : 0) + items.length : null;
    case 'last_item': {
      const last = items.at(-1);
      const hasMore = readPointer(body, paging.more) === true;
      return hasMore && last !== undefined ? markOf(readPointer(last, paging.id)) : null;
    }
  }
}

function markOf(value: Json | undefined): PageMark {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? value : null;
}

/** `Link: <https://…?page=2>; rel="next", <…>; rel="last"`. */
function nextLink(header: string | undefined): string | undefined {
  const links = header?.matchAll(/<([^>]*)>([^<]*)/g) ?? [];
  return [...links].find(([, , about = '']) => /;\s*rel="?next\b/i.test(about))?.[1];
}

function withParameter(
  parts: CallParts,
  { name, place = 'query' }: { readonly name: string; readonly place?: 'query' | 'body' },
  value: string | number,
): CallParts {
  if (place === 'body') {
    return { ...parts, body: { ...(isJsonObject(parts.body) ? parts.body : {}), [name]: value } };
  }
  return { ...parts, query: [...parts.query.filter(([other]) => other !== name), [name, String(value)]] };
}
