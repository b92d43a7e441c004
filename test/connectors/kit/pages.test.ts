import { beforeEach, describe, expect, it } from 'vitest';

import { setting, type HttpCall, type Paging } from '#connectors/kit/http-call.ts';
import type { SinkRequest } from '#test/support/sink.ts';
import { useKit } from './kit-fixture.ts';

const kit = useKit();
const TOTAL = 7;
const ITEMS = Array.from({ length: TOTAL }, (_, index) => ({ id: `i${index + 1}` }));
const SIZE = { name: 'size', most: 3 };

function list(paging: Paging, more: Partial<HttpCall> = {}): HttpCall {
  return { method: 'GET', path: '/items', query: { q: 'x' }, pick: '/items', paging, ...more };
}

/** What each page was asked for: its query as text. */
function asked(): string[] {
  return kit.sink.requests.slice(start).map(({ query }) => query.toString());
}

let start = 0;
beforeEach(() => {
  start = kit.sink.requests.length;
});

const sizeOf = ({ query }: SinkRequest) => Number(query.get('size') ?? SIZE.most);
const pageFrom = (from: number, size: number) => ITEMS.slice(from, from + size);

/** A vendor that gives a cursor. */
function byCursor(field: 'query' | 'body' = 'query') {
  kit.sink.reply('/v1/items', (request) => {
    const given =
      field === 'query' ? request.query.get('after') : (request.json() as { after?: string }).after;
    const from = Number(given ?? 0);
    const size = field === 'query' ? sizeOf(request) : Number((request.json() as { size: number }).size);
    const next = from + size < TOTAL ? String(from + size) : '';
    return { body: { items: pageFrom(from, size), meta: { next } } };
  });
}

describe('a list in pages', () => {
  it('follows a cursor to the limit, and asks for no more than it needs', async () => {
    byCursor();
    const call = list({ kind: 'cursor', next: '/meta/next', name: 'after', size: SIZE });
    expect(await kit.make(call, { limit: 5 })).toEqual(ITEMS.slice(0, 5));
    expect(asked()).toEqual(['q=x&size=3', 'q=x&size=2&after=3']);
  });

  it('takes one page without a limit', async () => {
    byCursor();
    expect(await kit.make(list({ kind: 'cursor', next: '/meta/next', name: 'after', size: SIZE }))).toEqual(
      ITEMS.slice(0, 3),
    );
    expect(asked()).toHaveLength(1);
  });

  it('ends with the last page', async () => {
    byCursor();
    const call = list({ kind: 'cursor', next: '/meta/next', name: 'after', size: SIZE });
    expect(await kit.make(call, { limit: 100 })).toEqual(ITEMS);
    expect(asked()).toHaveLength(3);
  });

  it('sends cursor and size in the body where they belong there', async () => {
    byCursor('body');
    const call = list(
      { kind: 'cursor', next: '/meta/next', name: 'after', place: 'body', size: { ...SIZE, place: 'body' } },
      { method: 'POST', query: {}, body: { filter: setting('filter') } },
    );
    expect(await kit.make(call, { limit: 4, filter: 'new' })).toEqual(ITEMS.slice(0, 4));
    expect(kit.sink.requests.slice(start).map((request) => request.json())).toEqual([
      { filter: 'new', size: 3 },
      { filter: 'new', size: 1, after: '3' },
    ]);
  });

  it('does not ask again where a cursor stands still', async () => {
    kit.sink.reply('/v1/items', { body: { items: pageFrom(0, 1), meta: { next: 'same' } } });
    const call = list({ kind: 'cursor', next: '/meta/next', name: 'after', size: SIZE });
    expect(await kit.make(call, { limit: 100 })).toHaveLength(2);
  });

  it('takes the query of a link, and nothing else of it', async () => {
    kit.sink.reply('/v1/items', (request) => {
      const page = Number(request.query.get('page') ?? 1);
      const link = `<http://evil.example/steal?q=x&page=${page + 1}>; rel="next", <http://evil.example/?page=3>; rel="last"`;
      return {
        body: { items: pageFrom((page - 1) * 3, 3) },
        headers: page < 3 ? { link } : { link: '<http://evil.example/?page=1>; rel="first"' },
      };
    });
    expect(await kit.make(list({ kind: 'link', size: SIZE }), { limit: 100 })).toEqual(ITEMS);
    expect(asked()).toEqual(['q=x&size=3', 'q=x&page=2', 'q=x&page=3']);
    expect(new Set(kit.sink.requests.slice(start).map(({ path }) => path))).toEqual(new Set(['/v1/items']));
  });

  it('finds the link in the reply', async () => {
    kit.sink.reply('/v1/items', (request) => {
      const skip = Number(request.query.get('$skip') ?? 0);
      const next =
        skip + 3 < TOTAL ? { '@odata.nextLink': `https://vend.example/v9/items?$skip=${skip + 3}` } : {};
      return { body: { items: pageFrom(skip, 3), ...next } };
    });
    expect(
      await kit.make(list({ kind: 'link', next: '/@odata.nextLink', size: SIZE }), { limit: 100 }),
    ).toEqual(ITEMS);
  });

  it('counts pages, all of one size, until one is not full', async () => {
    kit.sink.reply('/v1/items', (request) => ({
      body: { items: pageFrom((Number(request.query.get('page') ?? 1) - 1) * 3, 3) },
    }));
    expect(await kit.make(list({ kind: 'page', name: 'page', size: SIZE }), { limit: 5 })).toEqual(
      ITEMS.slice(0, 5),
    );
    expect(asked()).toEqual(['q=x&size=3', 'q=x&size=3&page=2']);
  });

  it('passes over items', async () => {
    kit.sink.reply('/v1/items', (request) => ({
      body: { items: pageFrom(Number(request.query.get('from') ?? 0), 3) },
    }));
    expect(await kit.make(list({ kind: 'offset', name: 'from', size: SIZE }), { limit: 100 })).toEqual(ITEMS);
    expect(asked()).toEqual(['q=x&size=3', 'q=x&size=3&from=3', 'q=x&size=3&from=6']);
  });

  it('goes on from the last item', async () => {
    kit.sink.reply('/v1/items', (request) => {
      const from = ITEMS.findIndex(({ id }) => id === request.query.get('after')) + 1;
      return { body: { items: pageFrom(from, 3), has_more: from + 3 < TOTAL } };
    });
    const call = list({ kind: 'last_item', name: 'after', id: '/id', more: '/has_more', size: SIZE });
    expect(await kit.make(call, { limit: 100 })).toEqual(ITEMS);
    expect(asked().at(-1)).toBe('q=x&size=3&after=i6');
  });

  it('fails as a whole where a page fails', async () => {
    kit.sink.reply('/v1/items', (request) =>
      request.query.has('page') ? { status: 500, body: {} } : { body: { items: pageFrom(0, 3) } },
    );
    expect(await kit.failureOf(list({ kind: 'page', name: 'page', size: SIZE }), { limit: 5 })).toMatchObject(
      { kind: 'transient' },
    );
  });
});
