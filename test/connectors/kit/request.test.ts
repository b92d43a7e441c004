import { describe, expect, it } from 'vitest';

import { setting, when, type HttpCall, type Template } from '#connectors/kit/http-call.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { IDEMPOTENCY_KEY } from '../step-context.ts';
import { useKit } from './kit-fixture.ts';

const kit = useKit();
const get: HttpCall = { method: 'GET', path: '/things' };
const post: HttpCall = { method: 'POST', path: '/things' };

async function sent(call: HttpCall, settings: JsonObject = {}, more = {}) {
  await kit.make(call, settings, more);
  return kit.sink.requests.at(-1)!;
}

describe('where a call goes', () => {
  it.each<[string, JsonObject, string]>([
    ['/things/{id}', { id: 'a b' }, '/v1/things/a%20b'],
    ['/things/{id}', { id: 7 }, '/v1/things/7'],
    ['/things/{id}', { id: 'a/b?c#d' }, '/v1/things/a%2Fb%3Fc%23d'],
    ['/things/{id}', { id: '%2e%2e' }, '/v1/things/%252e%252e'],
    ['/files/{path+}', { path: 'docs/read me.md' }, '/v1/files/docs/read%20me.md'],
    ['/things/{id}/parts/{part}:close', { id: 'a', part: 'b:c' }, '/v1/things/a/parts/b%3Ac:close'],
    ['/things/{id}', { id: '...' }, '/v1/things/...'],
  ])('%s with %j is %s', async (path, settings, arrived) => {
    expect((await sent({ ...get, path }, settings)).path).toBe(arrived);
  });

  it.each<[string, JsonObject]>([
    ['/things/{id}', {}],
    ['/things/{id}', { id: '' }],
    ['/things/{id}', { id: '  ' }],
    ['/things/{id}', { id: null }],
    ['/things/{id}', { id: { a: 1 } }],
    ['/things/{id}', { id: '..' }],
    ['/things/{id}', { id: '.' }],
    ['/things/{id}', { id: '../x' }],
    ['/things/{id}', { id: 'a/../../x' }],
    ['/things/{id}', { id: '..\\x' }],
    ['/files/{id+}', { id: 'a/../b' }],
    ['/files/{id+}', { id: 'a//b' }],
    ['/files/{id+}', { id: '/a' }],
  ])('%s refuses %j, and sends nothing', async (path, settings) => {
    const before = kit.sink.requests.length;
    expect(await kit.failureOf({ ...get, path }, settings)).toMatchObject({
      kind: 'invalid',
      code: 'invalid_path',
      pointer: '/config/id',
    });
    expect(kit.sink.requests).toHaveLength(before);
  });
});

describe('what a call carries', () => {
  it('shows who calls, and asks for JSON', async () => {
    const { headers } = await sent(get);
    expect(headers).toMatchObject({ authorization: 'Bearer s3cret-token', accept: 'application/json' });
    expect(headers).not.toHaveProperty('idempotency-key');
    expect(headers).not.toHaveProperty('content-type');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    'carries the idempotency key on %s',
    async (method) => {
      expect((await sent({ ...post, method })).headers['idempotency-key']).toBe(IDEMPOTENCY_KEY);
    },
  );

  it('adds the constant headers of the vendor and those of the call', async () => {
    const call: HttpCall = { ...get, headers: { 'x-team': setting('team'), 'x-none': setting('none') } };
    const { headers } = await sent(
      call,
      { team: 'red' },
      { http: { headers: { 'x-version': '2026-01', accept: 'a/b' } } },
    );
    expect(headers).toMatchObject({ 'x-version': '2026-01', 'x-team': 'red', accept: 'a/b' });
    expect(headers).not.toHaveProperty('x-none');
  });

  it('writes the query: constants, settings, lists; leaves out what is not there', async () => {
    const call: HttpCall = {
      ...get,
      query: {
        fixed: 'yes',
        q: setting('q'),
        tag: setting('tags'),
        n: setting('n'),
        gone: setting('gone'),
        nil: setting('nil'),
        all: setting('tags', 'comma'),
      },
    };
    const { query } = await sent(call, { q: 'a b&c', tags: ['x', 'y'], n: 0, nil: null });
    expect([...query]).toEqual([
      ['fixed', 'yes'],
      ['q', 'a b&c'],
      ['tag', 'x'],
      ['tag', 'y'],
      ['n', '0'],
      ['all', 'x,y'],
    ]);
  });

  it.each<[string, Template, JsonObject, Json]>([
    [
      'settings in their places',
      { a: setting('x'), b: { c: [setting('y'), 1] } },
      { x: 1, y: 'z' },
      { a: 1, b: { c: ['z', 1] } },
    ],
    [
      'without what is left out',
      { a: setting('x'), b: { c: setting('y') }, d: [{ e: setting('y') }] },
      { x: 1 },
      { a: 1 },
    ],
    ['null where a setting is null', { a: setting('x') }, { x: null }, { a: null }],
    [
      'empty lists and objects that are values',
      { a: setting('x'), b: {}, c: [] },
      { x: [] },
      { a: [], b: {}, c: [] },
    ],
    [
      'an object whose keys are settings',
      { fixed: 1, '...': setting('more') },
      { more: { k: 'v' } },
      { fixed: 1, k: 'v' },
    ],
    [
      'a part that is there with its setting',
      { doc: when('x', { kind: 'doc', text: setting('x') }) },
      { x: 'hi' },
      { doc: { kind: 'doc', text: 'hi' } },
    ],
    ['no part without its setting', { a: 1, doc: when('x', { kind: 'doc' }) }, {}, { a: 1 }],
    ['text of JSON', { a: setting('x', 'json') }, { x: [{ b: 1 }] }, { a: '[{"b":1}]' }],
    ['base64', { a: setting('x', 'base64') }, { x: 'ü' }, { a: 'w7w=' }],
    ['nothing at all', { a: setting('x') }, {}, {}],
    ['a list', setting('x'), { x: [1, 2] }, [1, 2]],
  ])('writes a JSON body: %s', async (_, body, settings, wanted) => {
    const request = await sent({ ...post, body }, settings);
    expect(request.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(request.json()).toEqual(wanted);
  });

  it('takes encodings that a connector brings', async () => {
    const encodings = { shout: (value: Json) => `${JSON.stringify(value)}!` };
    expect(
      (await sent({ ...post, body: { a: setting('x', 'shout') } }, { x: 'hey' }, { encodings })).json(),
    ).toEqual({ a: '"hey"!' });
  });

  it('writes a form with nested names', async () => {
    const body = {
      email: setting('email'),
      metadata: setting('metadata'),
      items: [{ price: setting('price'), quantity: 2 }],
      flag: true,
      gone: setting('gone'),
    };
    const request = await sent(
      { ...post, bodyType: 'form', body },
      { email: 'a+b@x.example', metadata: { 'order id': 7, nil: null }, price: 'p_1' },
    );
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(request.body.toString())]).toEqual([
      ['email', 'a+b@x.example'],
      ['metadata[order id]', '7'],
      ['items[0][price]', 'p_1'],
      ['items[0][quantity]', '2'],
      ['flag', 'true'],
    ]);
  });

  it('sends no body where the call has none', async () => {
    const request = await sent(post);
    expect(request.body).toHaveLength(0);
    expect(request.headers).not.toHaveProperty('content-type');
  });

  it.each<[string, Json]>([
    ['a text', 'x'],
    ['a list', [1]],
    ['names that reach into prototypes', JSON.parse('{"__proto__":{"a":1}}') as Json],
  ])('refuses %s where an object is to be spread', async (_, more) => {
    expect(await kit.failureOf({ ...post, body: { '...': setting('more') } }, { more })).toMatchObject({
      kind: 'invalid',
      pointer: '/config/more',
    });
  });
});

describe('what a call gives', () => {
  it('the reply, or what is picked of it', async () => {
    kit.sink.reply('/v1/things', { body: { data: { list: [{ a: 1 }, { a: 2 }] } } });
    expect(await kit.make(get)).toEqual({ data: { list: [{ a: 1 }, { a: 2 }] } });
    expect(await kit.make({ ...get, pick: '/data/list/1' })).toEqual({ a: 2 });
    expect(await kit.make({ ...get, pick: '/data/list/*/a' })).toEqual([1, 2]);
    expect(await kit.make({ ...get, pick: '/*/list/*/a' })).toEqual([1, 2]);
    expect(await kit.make({ ...get, pick: '/data/none' })).toBeNull();
  });

  it('what the call says where the reply is empty', async () => {
    kit.sink.reply('/v1/things', { status: 204, body: '' });
    expect(await kit.make(post)).toBeNull();
    expect(await kit.make({ ...post, whenEmpty: { done: true } })).toEqual({ done: true });
  });
});
