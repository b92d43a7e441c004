import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CONNECTORS, findConnector } from '#connectors/definitions.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { compareRequests, type Recording } from './compare-requests.ts';
import { type JudgedRequest, judgeRequest, type JudgeSpec } from './judge-request.ts';
import { JUDGES, readRecording, readSpec } from './judges.ts';
import { recordAccount, recordCalls, recordList } from './record-calls.ts';

const RESULTS = resolve(import.meta.dirname, '../../../docs/reference/judged.json');

interface Approval {
  /** The vendor's operations that the requests are. */
  readonly calls: readonly string[];
  /** What judged. */
  readonly by: readonly string[];
}

interface Results {
  readonly operations: Record<string, Approval>;
  readonly lists: Record<string, Approval>;
  readonly unjudged: Readonly<Record<string, string>>;
}

let sink: Sink;
const specs = new Map<string, readonly JudgeSpec[]>();
const recordings = new Map<string, Recording>();
const results: Record<string, Results> = {};

beforeAll(async () => {
  sink = await startSink();
  for (const [id, judge] of Object.entries(JUDGES)) {
    specs.set(id, await Promise.all(judge.specs.map(readSpec)));
    if (judge.recording !== undefined) recordings.set(id, await readRecording(judge.recording));
    results[id] = { operations: {}, lists: {}, unjudged: judge.unjudged ?? {} };
  }
});
afterAll(() => sink.stop());

/** Holds what was sent for `what` against whatever knows it; fails for every fault, and where nothing does. */
function approve(id: string, what: string, requests: readonly JudgedRequest[]): Approval {
  expect(requests.length, `${what} makes a request`).toBeGreaterThan(0);
  const verdicts = requests.map((request) => verdictOf(id, what, request));
  expect(
    verdicts.flatMap(({ faults }) => faults),
    what,
  ).toEqual([]);
  return {
    calls: [...new Set(verdicts.map(({ call }) => call))],
    by: [...new Set(verdicts.map(({ by }) => by))],
  };
}

function verdictOf(
  id: string,
  what: string,
  request: JudgedRequest,
): { call: string; by: string; faults: readonly string[] } {
  const told = (faults: readonly string[]) =>
    faults.map((fault) => `${request.method} ${request.url}: ${fault}`);
  for (const spec of specs.get(id) ?? []) {
    const { operation, faults } = judgeRequest(spec, request);
    const { package: from, title, version } = spec.source;
    if (operation !== null)
      return { call: operation, by: `${title} ${version} (${from})`, faults: told(faults) };
  }
  const recording = recordings.get(id);
  const recorded = recording?.requests[what];
  if (!recording || !recorded) return { call: '', by: '', faults: told(['nothing knows such an operation']) };
  const call = `${request.method} ${new URL(request.url).pathname}`;
  return { call, by: recording.source.package, faults: told(compareRequests(request, recorded)) };
}

/** Where an SDK judges, it was seen with the settings of the first case alone. */
function isByRecording(id: string, what: string): boolean {
  return recordings.get(id)?.requests[what] !== undefined;
}

describe.each(Object.entries(JUDGES))('what the vendor says of %s', (id, { cases, unjudged = {} }) => {
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
    const what = `operations/${name}`;
    const requests: JudgedRequest[] = [];
    for (const each of isByRecording(id, what) ? settings.slice(0, 1) : settings)
      requests.push(...(await recordCalls(sink, { type: `${id}.${name}`, reply: cases.reply }, each)));
    results[id]!.operations[name] = approve(id, what, requests);
  });

  it.each(Object.entries(cases.lists))('the list %s is right', async (name, settings) => {
    const what = `lists/${name}`;
    const requests = await recordList(sink, { id, loader: name }, settings);
    expect(requests).toHaveLength(1);
    if (!Object.hasOwn(unjudged, what)) results[id]!.lists[name] = approve(id, what, requests);
  });

  it('the call for the account is right', async () => {
    const requests = await recordAccount(sink, id);
    expect(requests).toHaveLength(1);
    if (!Object.hasOwn(unjudged, 'account')) approve(id, 'account', requests);
  });
});

it('is what the reference tells', async () => {
  const options = await resolveConfig(RESULTS);
  const text = await format(JSON.stringify(results), { ...options, parser: 'json' });
  if (process.env['UPDATE_JUDGED'] === '1') await writeFile(RESULTS, text);
  expect(JSON.parse(await readFile(RESULTS, 'utf8')), 'run it with UPDATE_JUDGED=1').toEqual(
    JSON.parse(text),
  );
});

it('is there for every connector that claims it', () => {
  const claims = CONNECTORS.filter(({ proof }) => proof === 'vendor_specification' || proof === 'vendor_sdk');
  expect(claims.filter(({ id }) => !Object.hasOwn(JUDGES, id))).toEqual([]);
  for (const { id, proof } of claims)
    expect(JUDGES[id]?.specs.length === 0 ? 'vendor_sdk' : 'vendor_specification', id).toBe(proof);
});
