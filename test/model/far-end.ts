import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { answerTo, faultOf, parsePlan } from './call-plan.ts';

/** One call that arrived. `arrived` and `ended` are moments of the ledger: whole numbers that only rise. */
export interface FarCall {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly method: string;
  readonly idempotencyKey: string | undefined;
  readonly arrived: number;
  /** When it was answered, or its connection broke; null while it is open. */
  readonly ended: number | null;
  readonly result: 'open' | 'worked' | 'failed' | 'broken';
}

/** The real HTTP server that random flows call: behaves as each URL says and keeps the ledger of all calls. */
export interface FarEnd {
  readonly url: string;
  /** The present moment of the ledger. */
  now(): number;
  callsOf(runId: string): readonly FarCall[];
  /** From now on all calls of the run work. */
  heal(runId: string): void;
  /** Drops a run from the ledger. */
  forget(runId: string): void;
  /** Calls of runs that were dropped already. */
  lateCalls(): readonly FarCall[];
  stop(): Promise<void>;
}

type Entry = { -readonly [Name in keyof FarCall]: FarCall[Name] };

interface Ledger {
  moment: number;
  readonly runs: Map<string, Entry[]>;
  readonly forgotten: Set<string>;
  readonly healed: Set<string>;
  readonly late: Entry[];
}

export async function startFarEnd(): Promise<FarEnd> {
  const ledger: Ledger = { moment: 0, runs: new Map(), forgotten: new Set(), healed: new Set(), late: [] };
  const faults: unknown[] = [];
  const server = createServer((request, response) => {
    answer(ledger, request, response).catch((cause: unknown) => {
      faults.push(cause);
      response.socket?.destroy();
    });
  });
  // An idle connection that closes just as it is used again would be a fault that no plan knows.
  server.keepAliveTimeout = 3_600_000;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    now: () => (ledger.moment += 1),
    callsOf: (runId) => ledger.runs.get(runId) ?? [],
    heal: (runId) => void ledger.healed.add(runId),
    forget: (runId) => {
      ledger.runs.delete(runId);
      ledger.forgotten.add(runId);
    },
    lateCalls: () => ledger.late,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      if (faults.length > 0)
        throw new AggregateError(faults, 'The far end met calls that it could not read.');
    },
  };
}

/** `/<node>/<plan>?run=<id>&key=<loop path>`, the number as `v` in the query or in the body. */
async function answer(ledger: Ledger, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://far-end');
  const [, nodeId = '', planText = ''] = url.pathname.split('/');
  const plan = parsePlan(decodeURIComponent(planText));
  const entry = enter(ledger, request, { url, nodeId });
  response.on('close', () => close(ledger, entry, 'broken'));
  // The number of the call counts from what came before, whoever else arrives while this body is read.
  const before = ledger.runs.get(entry.runId) ?? [];
  const call = before.filter((each) => each.nodeId === nodeId && each.key === entry.key).length;
  const given = await readNumber(request, url);
  if (plan.delayMs > 0) await sleep(plan.delayMs);
  const fault = ledger.healed.has(entry.runId) ? 'none' : faultOf(plan, entry.key, call);
  if (response.closed) return;
  close(ledger, entry, fault === 'none' ? 'worked' : 'failed');
  if (fault === 'reset') {
    response.socket?.destroy();
    return;
  }
  const body =
    fault === 'none' ? { node: nodeId, key: entry.key, value: answerTo(nodeId, given) } : { fault };
  response.writeHead(fault === 'none' ? 200 : Number(fault), { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function enter(
  ledger: Ledger,
  request: IncomingMessage,
  { url, nodeId }: { url: URL; nodeId: string },
): Entry {
  const idempotencyKey = request.headers['idempotency-key'];
  const entry: Entry = {
    runId: url.searchParams.get('run') ?? '',
    nodeId,
    key: url.searchParams.get('key') ?? '',
    method: request.method ?? '',
    idempotencyKey: Array.isArray(idempotencyKey) ? idempotencyKey.join() : idempotencyKey,
    arrived: (ledger.moment += 1),
    ended: null,
    result: 'open',
  };
  if (ledger.forgotten.has(entry.runId)) ledger.late.push(entry);
  else ledger.runs.set(entry.runId, [...(ledger.runs.get(entry.runId) ?? []), entry]);
  return entry;
}

function close(ledger: Ledger, entry: Entry, result: FarCall['result']): void {
  if (entry.ended !== null) return;
  entry.ended = ledger.moment += 1;
  entry.result = result;
}

async function readNumber(request: IncomingMessage, url: URL): Promise<number | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (text === '') return url.searchParams.has('v') ? Number(url.searchParams.get('v')) : null;
  const { v } = JSON.parse(text) as { v: number | null };
  return v;
}
