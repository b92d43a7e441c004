import { expect, test } from 'vitest';

import { wakeRuns } from '#server/queue/wake-runs.ts';
import { readSpans, type ReceivedSpan } from '#test/support/otlp.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

/** Runs a flow with events that came with the given headers. */
async function run(
  edges: string,
  nodes: Parameters<typeof fixture.publish>[0]['nodes'],
  headers = {},
): Promise<string> {
  const flow = await fixture.publish({ nodes, edges });
  const [id] = await fixture.startQuietly(flow, [{ card: 'payload-sentinel' }]);
  await fixture.db.query(
    'UPDATE event SET headers = $2 FROM run WHERE run.event_id = event.id AND run.id = $1',
    [id, headers],
  );
  await wakeRuns(fixture.db, [id!]);
  await whenRun(fixture, id!);
  return id!;
}

async function spansOf(traceId: string, count: number): Promise<ReadonlyMap<string, ReceivedSpan>> {
  const spans = await waitFor('the spans', () => {
    const found = readSpans(fixture.sink.at('/v1/traces')).filter((span) => span.traceId === traceId);
    return found.length >= count ? found : undefined;
  });
  expect(spans).toHaveLength(count);
  return new Map(spans.map((span) => [span.name, span]));
}

test('a run is a trace: that of its sender, with a span for each step and for attempts that failed', async () => {
  const { sink } = fixture;
  sink.reply('/flaky', (_, before) => (before === 0 ? { status: 503 } : {}));
  sink.reply('/broken', () => ({ status: 400, body: 'payload-sentinel' }));
  const worker = await fixture.startWorker({
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector',
    PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8',
  });
  const retry = { attempts: 2, baseSeconds: 0.01, maxSeconds: 0.01 };
  const traceparent = `00-${TRACE}-${CALLER}-01`;
  const id = await run(
    'start>map map>flaky flaky>broken',
    [
      START,
      { id: 'map', type: 'core.map', config: { output: { $expr: 'trigger' } } },
      post('flaky', `${sink.url}/flaky`, { retry }),
      post('broken', `${sink.url}/broken?secret=payload-sentinel`),
    ],
    { traceparent },
  );

  const spans = await spansOf(TRACE, 6);
  const of = (name: string) => spans.get(name)!;
  const [root] = [...spans.values()].filter(({ name }) => name.startsWith('run '));
  expect(root).toMatchObject({ parentSpanId: CALLER, kind: 5, status: { code: 2 } });
  expect(root!.attributes).toMatchObject({
    'patchbay.run.id': id,
    'patchbay.run.status': 'failed',
    'error.type': 'http_status',
  });
  for (const name of ['step map', 'step flaky', 'step broken'])
    expect(of(name).parentSpanId).toBe(root!.spanId);
  expect(of('step map')).toMatchObject({ kind: 1, status: {} });
  expect(of('step flaky')).toMatchObject({ kind: 3, status: {}, attributes: { 'patchbay.attempts': '2' } });
  expect(of('step broken')).toMatchObject({ kind: 3, status: { code: 2 } });
  expect(of('attempt 1')).toMatchObject({
    parentSpanId: of('step flaky').spanId,
    status: { code: 2 },
    attributes: { 'patchbay.waits_for': 'retry' },
  });
  expect(of('attempt 2')).toMatchObject({ parentSpanId: of('step flaky').spanId, status: {} });
  for (const span of spans.values()) {
    expect(Number(span.endTimeUnixNano)).toBeGreaterThanOrEqual(Number(span.startTimeUnixNano));
    expect(Number(span.startTimeUnixNano)).toBeGreaterThanOrEqual(Number(root!.startTimeUnixNano));
  }
  // The far end goes on from the step that called, at each attempt.
  for (const call of sink.at('/flaky'))
    expect(call.headers['traceparent']).toBe(`00-${TRACE}-${of('step flaky').spanId}-01`);

  // Without a sender's trace, the run's own; with an unsampled one, none is sent, and the far end is told so.
  const alone = await run('start>map', [START, { id: 'map', type: 'core.map', config: { output: 1 } }]);
  const own = await spansOf(alone.replaceAll('-', ''), 2);
  expect([...own.values()].find(({ name }) => name.startsWith('run '))).not.toHaveProperty('parentSpanId');
  const quiet = 'a'.repeat(32);
  await run('start>quiet', [START, post('quiet', `${sink.url}/quiet`)], {
    traceparent: `00-${quiet}-${CALLER}-00`,
  });
  expect(sink.at('/quiet')[0]?.headers['traceparent']).toMatch(new RegExp(`^00-${quiet}-[0-9a-f]{16}-00$`));

  worker.signal('SIGTERM');
  expect(await worker.ended).toBe(0);
  const received = sink.at('/v1/traces');
  expect(readSpans(received).some(({ traceId }) => traceId === quiet)).toBe(false);
  for (const { headers, body } of received) {
    expect(headers.authorization).toBe('Bearer collector');
    expect(body.toString()).not.toContain('payload-sentinel');
  }
});

test('a collector that is away holds nothing up, and without one no call carries a trace', async () => {
  const { sink } = fixture;
  const away = await fixture.startWorker({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  await run('start>away', [START, post('away', `${sink.url}/away`)]);
  expect(sink.at('/away')).toHaveLength(1);
  away.signal('SIGTERM');
  expect(await away.ended).toBe(0);

  const before = sink.at('/v1/traces').length;
  const untraced = await fixture.startWorker();
  await run('start>off', [START, post('off', `${sink.url}/off`)], {
    traceparent: `00-${TRACE}-${CALLER}-01`,
  });
  expect(sink.at('/off')[0]?.headers).not.toHaveProperty('traceparent');
  expect(sink.at('/v1/traces')).toHaveLength(before);
  untraced.signal('SIGTERM');
  await untraced.ended;
});
