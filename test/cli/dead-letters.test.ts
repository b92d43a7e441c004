import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { pool } from '#server/db/pool.ts';
import { startApiServer, type ApiServer } from '#test/support/api-server.ts';
import { storeFailedRuns } from '#test/support/dead-letters.ts';
import { runCli, type CliResult } from '#test/support/run-cli.ts';
import { useApi } from '#test/support/use-api.ts';
import { publishFlow, type PublishedFlow } from '#test/worker/test-flow.ts';
import { workBulkBatch } from '#worker/bulk/work-bulk-batch.ts';

const api = useApi();
let server: ApiServer;
let flow: PublishedFlow;
let runIds: string[];

beforeAll(async () => {
  server = await startApiServer();
  const where = { db: pool(), workspaceId: api.workspaceId };
  flow = await publishFlow(where, {
    nodes: [
      { id: 'start', type: 'core.manual' },
      { id: 'post', type: 'http.request' },
    ],
    edges: 'start>post',
  });
  runIds = await storeFailedRuns(where, { flow, inputs: [1, 2, 3, 4] });
  runIds.push(...(await storeFailedRuns(where, { flow, inputs: [5], nodeId: null, cause: 'odd' })));
});
afterAll(() => server.stop());

function patchbay(...args: readonly string[]): Promise<CliResult> {
  return runCli(args, { env: { PATCHBAY_URL: server.url, PATCHBAY_API_KEY: api.key } });
}

async function json<T = Record<string, unknown>>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await patchbay(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
}

describe('patchbay deadletter', () => {
  test('list and groups', async () => {
    const list = await patchbay('deadletter', 'list', '--node', 'post', '--limit', '2');
    expect(list.stdout).toMatch(/^RUN +FLOW +NODE +CAUSE +FAILED +STATE +ERROR\n/);
    expect(list.stdout.match(/http_status 503 .* open +It answered 503\n/g)).toHaveLength(2);
    const whole = await json<{ data: { runId: string }[] }>('deadletter', 'list', '--node', '');
    expect(whole.data.map(({ runId }) => runId)).toEqual([runIds[4]]);
    const groups = await patchbay('deadletter', 'groups', '--flow', flow.slug);
    expect(groups.stdout).toMatch(/^COUNT .*\n4 .*http_status 503.*\n1 .*odd/);
  });

  test('redrive: a dry run, a sample, and one that is waited for', async () => {
    const dry = await patchbay('deadletter', 'redrive', '--cause', 'http_status 503', '--dry-run');
    expect(dry.stdout).toBe(`It would redrive 4.\n  ${flow.slug}  4\n`);
    const made = await json<{ id: string }>(
      'deadletter',
      'redrive',
      '--node',
      'post',
      '--sample',
      '1',
      '--rate',
      '50',
    );
    await workBulkBatch();
    const paused = await patchbay('bulk', 'show', made.id, '--wait');
    expect(paused.stdout).toMatch(
      /Status +paused, for a look at its sample\nItems +4: 1 done, 0 skipped, 0 failed, 3 pending\nRuns +1 queued\n/,
    );
    expect((await patchbay('bulk', 'continue', made.id)).stdout).toMatch(/Status +running\n/);
    expect((await patchbay('bulk', 'cancel', made.id)).stdout).toMatch(/Status +cancelled\n/);
    const ended = await patchbay('bulk', 'continue', made.id);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('is cancelled')]);

    const waiting = patchbay('deadletter', 'redrive', runIds[1]!, runIds[4]!, '--wait');
    while (!(await allDone())) await workBulkBatch();
    expect((await waiting).stdout).toMatch(
      /Status +done\nItems +2: 1 done, 0 skipped, 1 failed, 0 pending\n/,
    );
    const list = await patchbay('bulk', 'list', '--limit', '1');
    const [, id] = /^(\S+) +redrive +done +2 +1 +0 +1 /m.exec(list.stdout) ?? [];
    const shown = await patchbay('bulk', 'show', id!);
    expect(shown.stdout).toMatch(new RegExp(`FAILED RUN +WHY\\n${runIds[4]} +\\S`));
  });

  test('discard, with a reason, once', async () => {
    const discard = () => patchbay('deadletter', 'discard', runIds[4]!, '--reason', 'A test');
    expect(await discard()).toEqual({
      code: 0,
      stdout: `Discarded the dead letter of the run ${runIds[4]}.\n`,
      stderr: '',
    });
    const again = await discard();
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('discarded already')]);
  });

  test.each([
    ['no reason', ['deadletter', 'discard', 'x']],
    ['a mode that is none', ['deadletter', 'redrive', '--mode', 'retry']],
    ['a rate of nothing', ['deadletter', 'redrive', '--rate', '0']],
  ])('%s is not written right', async (_, args) => {
    const { code, stderr } = await patchbay(...args);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
  });
});

async function allDone(): Promise<boolean> {
  const { rows } = await pool().query<{ done: boolean }>(
    "select count(*) = 2 and bool_and(status in ('done', 'cancelled')) as done from bulk_action",
  );
  return rows[0]!.done;
}
