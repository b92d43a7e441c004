import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { JsonObject } from '#core/json.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { compareRequests, type RecordedRequest } from './compare-requests.ts';
import { type JudgedRequest, judgeRequest, type JudgeSpec } from './judge-request.ts';
import { readSpec } from './judges.ts';
import { parseForm } from './parse-form.ts';
import { recordCalls } from './record-calls.ts';

let sink: Sink;
let github: JudgeSpec;
let created: JudgedRequest;
let searched: JudgedRequest;

beforeAll(async () => {
  sink = await startSink();
  github = await readSpec('github');
  const settings = { repository: 'octo/hello', title: 'Found a bug', labels: ['bug'] };
  [created] = (await recordCalls(sink, { type: 'github.create_issue' }, settings)) as [JudgedRequest];
  [searched] = (await recordCalls(
    sink,
    { type: 'github.search_issues' },
    { query: 'is:open', sort: 'updated' },
  )) as [JudgedRequest];
});
afterAll(() => sink.stop());

const withBody = (body: unknown): JudgedRequest => ({ ...created, body: JSON.stringify(body) });
const withQuery = (change: (query: URLSearchParams) => void): JudgedRequest => {
  const url = new URL(searched.url);
  change(url.searchParams);
  return { ...searched, url: url.href };
};

describe('the judge', () => {
  it('finds nothing in requests that are right', () => {
    expect(judgeRequest(github, created)).toEqual({
      operation: 'POST /repos/{owner}/{repo}/issues',
      faults: [],
    });
    expect(judgeRequest(github, searched)).toEqual({ operation: 'GET /search/issues', faults: [] });
  });

  it.each<[string, () => JudgedRequest, RegExp]>([
    [
      'a wrong path',
      () => ({ ...created, url: created.url.replace('/issues', '/issue') }),
      /no such operation/,
    ],
    [
      'a wrong host',
      () => ({ ...created, url: created.url.replace('api.github.com', 'github.com') }),
      /no such operation/,
    ],
    ['a wrong method', () => ({ ...created, method: 'PUT' }), /no such operation/],
    ['a field too few', () => withBody({ body: 'x' }), /^body must have required property 'title'$/],
    [
      'a field too many',
      () => withBody({ title: 'x', labelz: [] }),
      /^body must NOT have unevaluated properties: "labelz"$/,
    ],
    [
      'a field too many, further in',
      () => withBody({ title: 'x', labels: [{ nam: 'bug' }] }),
      /^body\/labels\/0/,
    ],
    ['a wrong type', () => withBody({ title: 'x', labels: 'bug' }), /^body\/labels must be array$/],
    [
      'a list of the wrong things',
      () => withBody({ title: 'x', assignees: [{ login: 'a' }] }),
      /^body\/assignees\/0 must be string$/,
    ],
    ['no body', () => ({ ...created, body: '' }), /^body is required$/],
    [
      'a body of another kind',
      () => ({ ...created, headers: { 'content-type': 'text/plain' } }),
      /^body: the type text\/plain/,
    ],
    [
      'a parameter too many',
      () => withQuery((query) => query.set('per_pag', '5')),
      /^query per_pag: there is no such parameter$/,
    ],
    ['a parameter too few', () => withQuery((query) => query.delete('q')), /^query q is required$/],
    [
      'a parameter of the wrong type',
      () => withQuery((query) => query.set('per_page', 'many')),
      /^query per_page\/value must be integer$/,
    ],
    [
      'a value that is none of those',
      () => withQuery((query) => query.set('sort', 'size')),
      /^query sort\/value must be equal to one of/,
    ],
    [
      'a part of the path of the wrong type',
      () => ({ ...created, method: 'PATCH', url: `${created.url}/seven`, body: '{}' }),
      /^path issue_number\/value must be integer$/,
    ],
  ])('finds %s', (_, plant, words) => {
    const { faults } = judgeRequest(github, plant());
    expect(faults.join('\n')).toMatch(words);
  });
});

describe('the judge of forms', () => {
  const customer = { email: 'ada@example.com', metadata: { crm: 'con_7' } };
  const link = { price: 'price_1', redirectUrl: 'https://shop.example.com' };

  async function judged(type: string, settings: JsonObject, change: (form: URLSearchParams) => void) {
    const [request] = (await recordCalls(sink, { type }, settings)) as [JudgedRequest];
    const form = new URLSearchParams(request.body);
    change(form);
    return judgeRequest(await readSpec('stripe'), { ...request, body: form.toString() }).faults.join('\n');
  }

  it.each<[string, string, JsonObject, (form: URLSearchParams) => void, RegExp]>([
    ['nothing', 'stripe.create_customer', customer, () => undefined, /^$/],
    ['a field too many', 'stripe.create_customer', customer, (form) => form.set('e-mail', 'x'), /"e-mail"/],
    [
      'one further in',
      'stripe.create_payment_link',
      link,
      (form) => form.set('line_items[0][prise]', 'x'),
      /^body\/line_items\/0.*"prise"/,
    ],
    [
      'a wrong type',
      'stripe.create_payment_link',
      link,
      (form) => form.set('line_items[0][quantity]', 'two'),
      /quantity must be integer/,
    ],
    [
      'a list that is none',
      'stripe.create_payment_link',
      link,
      (form) => (
        form.delete('line_items[0][price]'),
        form.delete('line_items[0][quantity]'),
        form.set('line_items', 'x')
      ),
      /line_items must be array/,
    ],
    [
      'a field too few',
      'stripe.create_payment_link',
      link,
      (form) => form.delete('after_completion[type]'),
      /after_completion must have required property 'type'/,
    ],
  ])('finds %s', async (_, type, settings, change, words) => {
    expect(await judged(type, settings, change)).toMatch(words);
  });
});

it('sees every difference from what an SDK sends', async () => {
  const settings = { pageId: 'p-1', text: 'Looks good' };
  const [request] = (await recordCalls(sink, { type: 'notion.add_comment' }, settings)) as [JudgedRequest];
  const theirs: RecordedRequest = {
    method: 'POST',
    path: '/v1/comments',
    query: [],
    headers: { 'notion-version': '2025-09-03' },
    body: { rich_text: [{ text: { content: 'Looks good' } }], parent: { page_id: 'p-1' } },
  };
  expect(compareRequests(request, theirs)).toEqual([]);
  const planted: Partial<RecordedRequest>[] = [
    { method: 'PATCH' },
    { path: '/v1/comment' },
    { query: [['a', 'b']] },
    { headers: { 'notion-version': '2022-06-28' } },
    { body: { parent: { page_id: 'p-1' } } },
  ];
  for (const plant of planted) expect(compareRequests(request, { ...theirs, ...plant })).toHaveLength(1);
});

it('reads forms as servers do', () => {
  expect(parseForm('a=1&b[c]=x+y&d[0][e]=2&d[1][e]=3&f[]=4&f[]=5')).toEqual({
    a: '1',
    b: { c: 'x y' },
    d: [{ e: '2' }, { e: '3' }],
    f: ['4', '5'],
  });
});
