import { describe, expect, test } from 'vitest';

import { MAX_BYTES, MAX_LINES, StepLog } from '#worker/step-log.ts';
import { readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

function logOf(lines: readonly string[]): readonly string[] {
  const log = new StepLog();
  for (const line of lines) log.add(line);
  return log.kept;
}

describe('what a step logs', () => {
  test('is kept in order', () => {
    expect(logOf(['a', '', 'b'])).toEqual(['a', '', 'b']);
  });

  test('up to a thousand lines, then one that says so', () => {
    expect(logOf(new Array<string>(MAX_LINES).fill('x'))).toHaveLength(MAX_LINES);
    const full = logOf(new Array<string>(MAX_LINES + 50).fill('x'));
    expect(full).toHaveLength(MAX_LINES + 1);
    expect(full.at(-1)).toMatch(/^More was logged/);
  });

  test('up to 64 kB, whatever the alphabet', () => {
    const kilobyte = 'ä'.repeat(512);
    expect(logOf(new Array<string>(64).fill(kilobyte))).toHaveLength(64);
    const full = logOf([...new Array<string>(64).fill(kilobyte), 'x', 'y']);
    expect(full).toHaveLength(65);
    expect(full.at(-1)).toMatch(/^More was logged/);
    expect(logOf(['x'.repeat(MAX_BYTES + 1)])).toEqual([expect.stringMatching(/^More was logged/)]);
  });
});

const fixture = useWorkers();

test('it stays with a step that failed, and that of the last attempt counts', async () => {
  const code = `export default (n) => { console.log('item', n); if (n > 1) throw new Error('too many'); return n; }`;
  const flow = await fixture.publish({
    nodes: [START, { id: 'code', type: 'core.code', config: { code, input: { $expr: 'trigger.body' } } }],
    edges: 'start>code',
  });
  const worker = await fixture.startWorker();
  const [fine, broken] = await fixture.start(flow, [1, 2]);
  expect(await whenRun(fixture, fine!)).toMatchObject({ status: 'succeeded' });
  expect(await whenRun(fixture, broken!)).toMatchObject({ status: 'failed' });
  expect((await readSteps(fixture, fine!))['code']).toMatchObject({ logs: ['item 1'] });
  expect((await readSteps(fixture, broken!))['code']).toMatchObject({ status: 'failed', logs: ['item 2'] });
  worker.signal('SIGTERM');
  expect(await worker.ended).toBe(0);
});
