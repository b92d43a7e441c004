import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from 'vitest';

import { createSandbox } from '#worker/sandbox/sandbox.ts';
import { FairQueue } from '#worker/sandbox/fair-queue.ts';
import { LineReader } from '#worker/sandbox/protocol.ts';
import { sandboxChildren, useSandbox } from './use-sandbox.ts';

const { run } = useSandbox({ size: 2 });
const busy = (ms: number) =>
  `export default (x) => { const end = Date.now() + ${ms}; while (Date.now() < end); return x }`;

beforeAll(() => Promise.all([run(busy(500)), run(busy(500))]), 30_000);

describe('the pool', () => {
  test('runs two jobs at a time, the others in line', async () => {
    const ran = await Promise.all([1, 2, 3, 4].map((input) => run(busy(200), { input })));
    expect(ran.map(({ output }) => output)).toEqual([1, 2, 3, 4]);
    expect(Math.max(...ran.map(({ ms }) => ms))).toBeGreaterThan(400);
    expect(sandboxChildren()).toHaveLength(2);
  });

  test('owners take turns', async () => {
    const order: string[] = [];
    const job = (owner: string) => run(busy(30), { owner }).then(() => order.push(owner));
    const blocked = [run(busy(200)), run(busy(200))];
    await Promise.all([...blocked, ...['a', 'a', 'a', 'a', 'a', 'a', 'b', 'c'].map(job)]);
    expect(order.indexOf('b')).toBeLessThan(4);
    expect(order.indexOf('c')).toBeLessThan(5);
  });

  test('jobs behind one that must be killed go on', async () => {
    const bomb = 'export default () => new Array(3e8) + ""';
    const [first, second, ...others] = await Promise.all([
      run(bomb, { timeoutMs: 400 }),
      run(bomb, { timeoutMs: 400 }),
      ...[1, 2, 3].map((input) => run('export default (x) => x', { input })),
    ]);
    expect([first.error?.code, second.error?.code]).toEqual(['code_timeout', 'code_timeout']);
    expect(others.map(({ output }) => output)).toEqual([1, 2, 3]);
    await Promise.all([run(busy(300)), run(busy(300))]);
  });

  test('stopped while it runs: the process is killed, the reason is told', async () => {
    const stop = new AbortController();
    const before = sandboxChildren();
    const running = run('export default () => { for (;;); }', { signal: stop.signal });
    await sleep(100);
    stop.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    await expect.poll(() => before.filter((pid) => sandboxChildren().includes(pid)).length).toBe(1);
  });

  test('stopped while it waits: it never begins, and nothing is killed', async () => {
    const stop = new AbortController();
    const first = [run(busy(300)), run(busy(300))];
    const lines: string[] = [];
    const waiting = run('console.log("begun"); export default () => 1', {
      signal: stop.signal,
      log: (line) => lines.push(line),
    });
    stop.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    expect((await Promise.all(first)).map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(lines).toEqual([]);
    await expect(run('export default 1', { signal: stop.signal })).rejects.toThrow('cancelled');
  });

  test('no turn in time, or too little time left: worth another attempt', async () => {
    const blocked = [run(busy(600)), run(busy(600))];
    const late = await run('export default () => 1', { timeoutMs: 100 });
    expect(late.error).toMatchObject({ kind: 'transient', code: 'sandbox_busy' });
    const short = await run('export default () => { for (;;); }', { timeoutMs: 900 });
    expect(short.error).toMatchObject({ kind: 'transient', code: 'sandbox_busy' });
    await Promise.all(blocked);
  });

  test('a process that dies fails its own job alone, which may be tried again', async () => {
    const running = run(busy(5_000));
    await sleep(100);
    for (const pid of sandboxChildren()) process.kill(pid, 'SIGKILL');
    expect((await running).error).toMatchObject({ kind: 'transient', code: 'sandbox_died' });
    // The death of the idle one may go unnoticed until it is given a job; that goes to another process.
    expect((await run('export default () => 1')).output).toBe(1);
  });

  test('after its end nothing is taken on, and no process is left', async () => {
    const sandbox = createSandbox({ size: 1 });
    const job = { input: 1, timeoutMs: 5_000, signal: new AbortController().signal, log: () => undefined };
    const running = sandbox.run({ ...job, code: 'export default () => { for (;;); }' });
    const waiting = sandbox.run({ ...job, code: 'export default () => 1' });
    const ended = Promise.allSettled([running, waiting]);
    await sleep(300);
    await sandbox.close();
    expect(await ended).toMatchObject([
      { reason: { error: { code: 'sandbox_died' } } },
      { reason: { error: { code: 'sandbox_busy' } } },
    ]);
    await expect(sandbox.run({ ...job, code: '' })).rejects.toMatchObject({
      error: { code: 'sandbox_busy' },
    });
  });

  test('memory of one job is not there in the next', async () => {
    await run('globalThis.secret = "s3cret"; Array.prototype.map = () => "evil"; export default () => 1');
    const found = 'export default () => [typeof secret, [1].map((n) => n + 1)]';
    for (let n = 0; n < 4; n++) expect((await run(found)).output).toEqual(['undefined', [2]]);
  });
});

test('a fair queue: in turn between owners, in order within each', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) queue.add(item[0]!, item);
  queue.remove('a', 'a2');
  queue.remove('c', 'c1');
  queue.remove('d', 'd1');
  const taken = Array.from({ length: 5 }, () => queue.take());
  expect(taken).toEqual(['a1', 'b1', 'a3', 'b2', undefined]);
});

test('lines are put together from pieces, and one without an end is given up', () => {
  const lines: string[] = [];
  let floods = 0;
  const reader = new LineReader({
    maxBytes: 20,
    onLine: (line) => lines.push(line),
    onFlood: () => (floods += 1),
  });
  const bytes = Buffer.from('one\ntwo é\n\nthr');
  for (const byte of bytes) reader.push(Buffer.from([byte]));
  reader.push(Buffer.from('ee\nfour\n'));
  expect(lines).toEqual(['one', 'two é', '', 'three', 'four']);
  reader.push(Buffer.alloc(21, 'x'));
  expect(floods).toBe(1);
});
