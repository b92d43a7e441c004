import { expect, test } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import type { JsonObject } from '#core/json.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { pollFlow } from '#test/support/trigger-flows.ts';

const URL = 'https://api.example.com/items';

function warningsOf(config: JsonObject): string[] {
  const { faults } = validateFlow(pollFlow('poll', { request: { url: URL }, ...config }), catalog);
  return faults.map(({ pointer, message }) => `${pointer}: ${message}`);
}

test.each<[JsonObject]>([
  [{ request: { url: { $tpl: 'https://api.example.com/?since={{ cursor ?? 0 }}' } } }],
  [{ items: { $expr: 'reply.body.data' } }],
  [{ key: { $expr: 'item.id' } }],
  [{ key: { $expr: '$string(item.id) & reply.headers.etag & flow.slug' } }],
  [{ cursor: { $expr: 'items[-1].id ?? cursor' } }],
])('%j names what its settings know', (config) => expect(warningsOf(config)).toEqual([]));

test.each<[JsonObject, string]>([
  [{ request: { url: { $expr: 'reply.body.next' } } }, '"reply" means nothing in this setting'],
  [{ items: { $expr: 'trigger.body' } }, '"trigger" means nothing in this setting'],
  [{ items: { $expr: 'items' } }, 'Start with reply, cursor, flow.'],
  [{ key: { $expr: 'id' } }, 'Start with item, reply, cursor, flow.'],
  [{ cursor: { $expr: 'item.id' } }, '"item" means nothing in this setting'],
])('%j is warned of', (config, message) => {
  const warnings = warningsOf(config);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(message);
});

test('no other node knows them', () => {
  const flow = pollFlow('poll', { request: { url: URL } });
  const nodes = [flow.nodes[0]!, { ...flow.nodes[1]!, config: { output: { $expr: 'reply.body & cursor' } } }];
  const codes = validateFlow({ ...flow, nodes }, catalog).faults.map(({ code }) => code);
  expect(codes).toEqual(['expression_unknown_name', 'expression_unknown_name']);
});
