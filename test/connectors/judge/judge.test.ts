import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CONNECTORS, findConnector } from '#connectors/definitions.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { type JudgedRequest, judgeRequest, type JudgeSpec, type Verdict } from './judge-request.ts';
import { JUDGES, readSpec } from './judges.ts';
import { recordAccount, recordCalls, recordList } from './record-calls.ts';

const RESULTS = resolve(import.meta.dirname, '../../../docs/reference/judged.json');

let sink: Sink;
const specs = new Map<string, readonly JudgeSpec[]>();
const judged: Record<
  string,
  { by: string[]; operations: Record<string, string[]>; lists: Record<string, string> }
> = {};

beforeAll(async () => {
  sink = await startSink();
  for (const [id, judge] of Object.entries(JUDGES))
    specs.set(id, await Promise.all(judge.specs.map(readSpec)));
});
afterAll(() => sink.stop());

function judge(id: string, request: JudgedRequest): Verdict {
  const verdicts = (specs.get(id) ?? []).map((spec) => judgeRequest(spec, request));
  return verdicts.find(({ operation }) => operation !== null) ?? verdicts[0]!;
}

/** The operations of the vendor that the requests are; fails for every fault. */
function approve(id: string, requests: readonly JudgedRequest[], what: string): string[] {
  expect(requests.length, `${what} makes a request`).toBeGreaterThan(0);
  const verdicts = requests.map((request) => ({ request, ...judge(id, request) }));
  const faults = verdicts.flatMap(({ request, faults: found }) =>
    found.map((fault) => `${request.method} ${request.url}: ${fault}`),
  );
  expect(faults, what).toEqual([]);
  return [...new Set(verdicts.map(({ operation }) => operation ?? ''))];
}

const resultsOf = (id: string) =>
  (judged[id] ??= {
    by: (specs.get(id) ?? []).map(({ source }) => `${source.package}: ${source.title} ${source.version}`),
    operations: {},
    lists: {},
  });

describe.each(Object.entries(JUDGES))('what the vendor says of %s', (id, { cases }) => {
  const connector = findConnector(id)!;
  const operations = connector.operations.filter(({ kind }) => kind === 'action');

  it('is asked of every operation and list, with every setting', () => {
    expect(Object.keys(cases.operations).sort()).toEqual(operations.map((operation) => operation.id).sort());
    expect(Object.keys(cases.lists).sort()).toEqual(Object.keys(connector.optionLoaders ?? {}).sort());
    for (const operation of operations) {
      const filled = new Set(
        (cases.operations[operation.id] ?? []).flatMap((settings) => Object.keys(settings)),
      );
      expect([...filled].sort(), operation.id).toEqual(Object.keys(operation.input.shape).sort());
    }
  });

  it.each(Object.entries(cases.operations))('%s is right', async (name, settings) => {
    const requests: JudgedRequest[] = [];
    for (const each of settings) requests.push(...(await recordCalls(sink, `${id}.${name}`, each)));
    resultsOf(id).operations[name] = approve(id, requests, name);
  });

  it.each(Object.entries(cases.lists))('the list %s is right', async (name, settings) => {
    const [operation = ''] = approve(id, await recordList(sink, { id, loader: name }, settings), name);
    resultsOf(id).lists[name] = operation;
  });

  it('the call for the account is right', async () => {
    approve(id, await recordAccount(sink, id), 'account');
  });
});

it('is what the reference tells', async () => {
  const options = await resolveConfig(RESULTS);
  const text = await format(JSON.stringify(sorted(judged)), { ...options, parser: 'json' });
  if (process.env['UPDATE_JUDGED'] === '1') await writeFile(RESULTS, text);
  expect(JSON.parse(await readFile(RESULTS, 'utf8')), 'run it with UPDATE_JUDGED=1').toEqual(
    JSON.parse(text),
  );
});

it('is there for every connector that claims it', () => {
  const claims = CONNECTORS.filter(({ proof }) => proof === 'vendor_specification').map(({ id }) => id);
  expect(claims.filter((id) => !Object.hasOwn(JUDGES, id))).toEqual([]);
});

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
