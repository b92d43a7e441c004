import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { prisma } from '#server/db/prisma.ts';
import { startApiServer, type ApiServer } from '#test/support/api-server.ts';
import { freePort } from '#test/support/free-port.ts';
import { makeApiKey } from '#test/support/people.ts';
import { runCli, type CliOptions, type CliResult } from '#test/support/run-cli.ts';
import { emptyFlow, manualFlow, webhookFlow } from '#test/support/sample-flows.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();
let server: ApiServer;
let folder: string;

beforeAll(async () => {
  server = await startApiServer();
  folder = await mkdtemp(join(tmpdir(), 'patchbay-cli-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Runs a command against the test's server as the owner. */
function patchbay(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const env = { PATCHBAY_URL: server.url, PATCHBAY_API_KEY: api.key, ...options.env };
  return runCli(args, { ...options, env });
}

async function fileOf(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('patchbay flow', () => {
  test('import, list, export and publish carry a flow round', async () => {
    const file = await fileOf('one.json', manualFlow('one'));
    expect(await patchbay(['flow', 'import', file])).toEqual({
      code: 0,
      stdout: 'Created one.\n',
      stderr: '',
    });
    expect((await patchbay(['flow', 'import', file])).stdout).toBe('Replaced the draft of one.\n');

    const list = await patchbay(['flow', 'list', '--q', 'one']);
    expect(list.stdout).toMatch(
      /^SLUG +NAME +VERSION +TRIGGER +RUNS 24 H\none +Flow one +draft only +core\.manual +0 \(0 failed\)\n$/,
    );
    const json = JSON.parse((await patchbay(['flow', 'list', '--q', 'one', '--json'])).stdout);
    expect(json).toMatchObject({ data: [{ slug: 'one', publishedVersion: null }], next: null });

    const printed = await patchbay(['flow', 'export', 'one']);
    expect(JSON.parse(printed.stdout)).toEqual(manualFlow('one'));
    const out = join(folder, 'out.json');
    expect((await patchbay(['flow', 'export', 'one', '--out', out])).stdout).toBe(`Wrote one to ${out}.\n`);
    expect(await readFile(out, 'utf8')).toBe(printed.stdout);

    expect((await patchbay(['flow', 'publish', 'one', '--note', 'go'])).stdout).toBe('one runs version 1.\n');
    expect(JSON.parse((await patchbay(['--json', 'flow', 'publish', 'one'])).stdout)).toEqual({
      version: 1,
      hookUrl: null,
    });
    expect((await patchbay(['flow', 'list', '--q', 'one'])).stdout).toContain(' v1 ');
  });

  test('publish shows the hook of a webhook flow', async () => {
    await patchbay(['flow', 'import', await fileOf('hook.json', webhookFlow('hook'))]);
    const { stdout } = await patchbay(['flow', 'publish', 'hook']);
    expect(stdout).toMatch(new RegExp(`^hook runs version 1\\.\\nHook: ${PUBLIC_URL}/hooks/[\\w-]+\\n$`));
  });

  test('import reads the standard input, and each of several files whatever becomes of the others', async () => {
    const piped = await patchbay(['flow', 'import', '-', '--json'], {
      stdin: JSON.stringify(manualFlow('piped')),
    });
    expect(JSON.parse(piped.stdout)).toEqual([{ file: '-', slug: 'piped', created: true }]);

    const good = await fileOf('good.json', manualFlow('good'));
    const broken = await fileOf('broken.json', '{ "slug": ');
    const faulty = await fileOf('faulty.json', {
      ...manualFlow('faulty'),
      edges: [{ from: 'start', to: 'gone' }],
    });
    const { code, stdout, stderr } = await patchbay([
      'flow',
      'import',
      broken,
      faulty,
      join(folder, 'none.json'),
      good,
    ]);
    expect([code, stdout]).toEqual([1, 'Created good.\n']);
    expect(stderr).toContain(`${broken} is not JSON: `);
    expect(stderr).toMatch(/faulty\.json: The flow document is not valid\..*\n {2}\/edges\/0\/to {2}\S/);
    expect(stderr).toContain('none.json: ENOENT');
  });

  test('list walks every page', async () => {
    const flow = manualFlow('bulk');
    const rows = Array.from({ length: 205 }, (_, n) => ({
      slug: `bulk-${String(n).padStart(3, '0')}`,
      name: 'Bulk',
    }));
    const draft = flow as never;
    await prisma().flow.createMany({
      data: rows.map((row) => ({ id: crypto.randomUUID(), workspaceId: api.workspaceId, draft, ...row })),
    });
    const { data, next } = JSON.parse((await patchbay(['flow', 'list', '--q', 'bulk-', '--json'])).stdout);
    expect([data.length, next]).toEqual([205, null]);
    expect(data.map((each: { slug: string }) => each.slug)).toEqual(rows.map((row) => row.slug));
  });

  test('a name that would steer the terminal is shown without its control characters', async () => {
    await patchbay(['flow', 'import', '-'], {
      stdin: JSON.stringify({ ...manualFlow('escape'), name: 'a\u001b[31mred\u0007\nb' }),
    });
    const { stdout } = await patchbay(['flow', 'list', '--q', 'escape']);
    expect(stdout).toContain('a[31mred b');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test('publish of a draft with faults prints each with its place and fails', async () => {
    await patchbay(['flow', 'import', '-'], { stdin: JSON.stringify(emptyFlow('idle')) });
    const { code, stdout, stderr } = await patchbay(['flow', 'publish', 'idle']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^The draft cannot be published yet\. .+\n {2}\/nodes {2}\S/);
  });
});

describe('patchbay run', () => {
  test('start, show and list', async () => {
    await patchbay(['flow', 'import', '-'], { stdin: JSON.stringify(manualFlow('runs')) });
    await patchbay(['flow', 'publish', 'runs']);
    const started = JSON.parse(
      (await patchbay(['run', 'start', 'runs', '--input', '{"a":1}', '--json'])).stdout,
    );
    expect(started).toMatchObject({
      flow: 'runs',
      version: 1,
      status: 'queued',
      trigger: { body: { a: 1 } },
    });
    const input = await fileOf('input.json', [1, 2]);
    const draft = await patchbay(['run', 'start', 'runs', '--input-file', input, '--version', 'draft']);
    expect(draft.stdout).toMatch(
      /^Run {6}[\w-]{36}\nFlow {5}runs \(draft\)\nStatus {3}queued\nAccepted \S+\n$/,
    );
    const numbered = await patchbay(['run', 'start', 'runs', '--version', '1', '--json']);
    expect(JSON.parse(numbered.stdout)).toMatchObject({ version: 1, trigger: { body: {} } });

    const list = await patchbay(['run', 'list', '--flow', 'runs', '--limit', '2']);
    expect(list.stdout.trim().split('\n')).toHaveLength(3);
    const page = JSON.parse(
      (await patchbay(['run', 'list', '--flow', 'runs', '--limit', '2', '--json'])).stdout,
    );
    expect([page.data.length, typeof page.next]).toEqual([2, 'string']);
    expect((await patchbay(['run', 'list', '--flow', 'runs', '--status', 'failed'])).stdout).toBe(
      'No runs.\n',
    );

    const at = new Date();
    const error = { kind: 'invalid', code: 'x', message: 'It broke' };
    await prisma().step.create({
      data: {
        runId: started.id,
        nodeId: 'map',
        status: 'failed',
        attempts: 1,
        startedAt: at,
        finishedAt: at,
        error,
      },
    });
    await prisma().run.update({
      where: { id: started.id },
      data: { status: 'failed', wakeAt: null, startedAt: at, finishedAt: at, error },
    });
    const shown = await patchbay(['run', 'show', started.id]);
    expect(shown.stdout).toContain('Status   failed\n');
    expect(shown.stdout).toContain('Error    It broke\n');
    expect(shown.stdout).toMatch(/^map +failed +0 +0 ms +It broke$/m);
    expect(JSON.parse((await patchbay(['run', 'show', started.id, '--json'])).stdout).id).toBe(started.id);
  });

  test('replay, resume, retry and resolve, with the plan before', async () => {
    await patchbay(['flow', 'import', '-'], { stdin: JSON.stringify(manualFlow('mends')) });
    await patchbay(['flow', 'publish', 'mends']);
    const { id } = JSON.parse((await patchbay(['run', 'start', 'mends', '--json'])).stdout);
    const error = { kind: 'invalid', code: 'x', message: 'It broke' };
    const step = { runId: id, attempts: 1, startedAt: new Date(), finishedAt: new Date() };
    await prisma().step.create({ data: { ...step, nodeId: 'start', status: 'succeeded', ports: ['out'] } });
    await prisma().step.create({ data: { ...step, nodeId: 'map', status: 'failed', error } });
    const ended = {
      wakeAt: null,
      startedAt: new Date(),
      finishedAt: new Date(),
      error: { ...error, nodeId: 'map' },
    };
    await prisma().run.update({ where: { id }, data: { status: 'failed', ...ended } });

    const plan = await patchbay(['run', 'replay', id, '--from', 'map', '--dry-run']);
    expect(plan.stdout).toBe('Version  1\nKept     start\nRuns     map\nMay run  -\n');
    const wrong = await patchbay(['run', 'replay', id, '--from', 'nothing']);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('/from') as string });
    const made = JSON.parse((await patchbay(['run', 'replay', id, '--input', '{"a":1}', '--json'])).stdout);
    expect(made).toMatchObject({ replayOf: id, trigger: { body: { a: 1 } }, startedBy: 'replay' });

    const preview = JSON.parse((await patchbay(['run', 'resume', id, '--dry-run', '--json'])).stdout);
    expect(preview.executed).toMatchObject([{ nodeId: 'map' }]);
    expect((await patchbay(['run', 'resume', id])).stdout).toBe(`Run ${id} goes on.\n`);
    expect(await patchbay(['run', 'resume', id])).toMatchObject({ code: 1 });
    expect((await patchbay(['run', 'retry', id, '--node', 'map'])).stdout).toBe(
      'The next attempt is made now.\n',
    );
    await prisma().step.updateMany({ where: { runId: id, nodeId: 'map' }, data: { status: 'in_doubt' } });
    await prisma().stepOrder.deleteMany({ where: { runId: id } });
    const settled = await patchbay(['run', 'resolve', id, '--node', 'map', '--as', 'done', '--output', '7']);
    expect(settled.stdout).toBe('The step map is settled.\n');
    expect(await prisma().stepOrder.findMany({ where: { runId: id } })).toMatchObject([
      { kind: 'done', payload: { value: 7 } },
    ]);
    expect(await patchbay(['run', 'resolve', id, '--node', 'map', '--as', 'perhaps'])).toMatchObject({
      code: 2,
    });
  });

  test('start with --wait fails when the run does', async () => {
    await patchbay(['flow', 'import', '-'], { stdin: JSON.stringify(manualFlow('waits')) });
    await patchbay(['flow', 'publish', 'waits']);
    const waiting = patchbay(['run', 'start', 'waits', '--wait', '10']);
    const error = { kind: 'invalid', code: 'x', message: 'It broke' };
    const fail = async () => {
      const at = new Date();
      const failed = { status: 'failed' as const, wakeAt: null, startedAt: at, finishedAt: at, error };
      return (await prisma().run.updateMany({ where: { flowSlug: 'waits' }, data: failed })).count;
    };
    while ((await fail()) === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    const { code, stderr } = await waiting;
    expect([code, stderr]).toEqual([1, 'The run failed: It broke\n']);
  });

  test('show of a run that is not there says so', async () => {
    const { code, stderr } = await patchbay(['run', 'show', crypto.randomUUID()]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Not found\. There is no run/)]);
  });
});

describe('patchbay connection and apikey', () => {
  test('create and list connections; the fields stay unseen', async () => {
    const args = ['connection', 'create', 'shop', '--connector', 'basic_auth', '--name', 'Shop'];
    const created = await patchbay([...args, '--field', 'username=ada', '--field', 'password=s3cret=pass']);
    expect(created).toEqual({ code: 0, stdout: 'Created the connection shop.\n', stderr: '' });
    const piped = ['connection', 'create', 'bank', '--connector', 'bearer_token', '--fields', '-', '--json'];
    const { stdout } = await patchbay(piped, { stdin: '{"token":"a-long-enough-token"}' });
    expect(JSON.parse(stdout)).toMatchObject({ slug: 'bank', fields: ['token'] });
    const list = await patchbay(['connection', 'list']);
    expect(list.stdout).toMatch(/^SLUG +NAME +CONNECTOR +STATUS +ACCOUNT +FIELDS +USED BY$/m);
    expect(list.stdout).toMatch(/^shop +Shop +basic_auth +ok +- +password, username +-$/m);
    expect(list.stdout).not.toContain('s3cret');
    await patchbay(['connection', 'create', 'hub', '--connector', 'github']);
    expect((await patchbay(['connection', 'list'])).stdout).toMatch(/^hub +hub +github +pending +- +- +-$/m);
    const wrong = await patchbay(['connection', 'create', 'bad', '--connector', 'none']);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('/connector')]);
  });

  test('create a key that works, and list it without showing it', async () => {
    const { stdout: key } = await patchbay(['apikey', 'create', 'ci', '--role', 'viewer']);
    const own = { env: { PATCHBAY_API_KEY: key.trim() } };
    expect((await patchbay(['flow', 'list'], own)).code).toBe(0);
    const refused = await patchbay(['apikey', 'list'], own);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^Not allowed\. /)]);
    const list = await patchbay(['apikey', 'list']);
    expect(list.stdout).toMatch(/ ci +viewer /);
    expect(list.stdout).not.toContain(key.trim());
  });
});

describe('a command that cannot be done', () => {
  test.each([
    ['no command', [], 2],
    ['an unknown command', ['fly'], 2],
    ['an unknown subcommand', ['flow', 'fly'], 2],
    ['a missing argument', ['flow', 'export'], 2],
    ['an unknown option', ['flow', 'list', '--colour'], 2],
    ['a number that is none', ['run', 'list', '--limit', 'many'], 2],
    ['a field that is none', ['connection', 'create', 'x', '--connector', 'y', '--field', 'z'], 2],
    ['two inputs', ['run', 'start', 'x', '--input', '1', '--input-file', '-'], 2],
    ['an input that is not JSON', ['run', 'start', 'x', '--input', '{'], 1],
    ['help', ['--help'], 0],
    ['help of a command', ['flow', 'import', '--help'], 0],
  ])('%s', async (_, args, code) => {
    const result = await patchbay(args);
    expect(result.code).toBe(code);
    if (code > 0) expect(result.stderr).not.toBe('');
    expect(result.stderr).not.toMatch(/\n {4}at /);
  });

  test.each([
    ['the address is none', { PATCHBAY_URL: 'patchbay' }, /^PATCHBAY_URL is not a URL.*\n$/],
    ['there is no key', { PATCHBAY_API_KEY: '' }, /^Set PATCHBAY_API_KEY .*\n$/],
    ['the key is wrong', { PATCHBAY_API_KEY: 'pb_wrong' }, /^Not signed in\. The API key is unknown.*\n$/],
  ])('%s', async (_, env, message) => {
    const { code, stdout, stderr } = await patchbay(['flow', 'list'], { env });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });

  test('nothing listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await patchbay(['flow', 'list'], { env: { PATCHBAY_URL: `${url}/` } });
    const sentence = `Patchbay does not answer at ${url} (connection refused). Start it, or set PATCHBAY_URL to where it is.\n`;
    expect([code, stderr]).toEqual([1, sentence]);
  });

  test('what listens is not Patchbay', async () => {
    const other = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { code, stderr } = await patchbay(['flow', 'list'], { env: { PATCHBAY_URL: url } });
    other.close();
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not Patchbay')]);
  });

  test('a role that may not', async () => {
    const key = await makeApiKey(api.workspaceId, 'viewer');
    const { code, stderr } = await patchbay(['flow', 'publish', 'one'], { env: { PATCHBAY_API_KEY: key } });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Not allowed\. Your role, viewer/)]);
  });
});

describe('patchbay audit', () => {
  test('list and verify read the log, and verify fails for a log that somebody changed', async () => {
    await patchbay(['apikey', 'create', 'audited']);
    const list = await patchbay(['audit', 'list', '--action', 'api_key.create', '--limit', '1']);
    expect(list.stdout).toMatch(/^WHEN +WHO +WHAT +ON\n\S+ +owner key +api_key\.create +api_key:/);
    const intact = await patchbay(['audit', 'verify']);
    expect([intact.code, intact.stdout]).toEqual([
      0,
      expect.stringMatching(/^Chain intact from entry 1 to entry \d+\./),
    ]);
    const anchor = /: (\d+:[0-9a-f]{64})\n/.exec(intact.stdout)?.[1] ?? '';
    expect((await patchbay(['audit', 'verify', '--anchor', anchor])).code).toBe(0);
    const wrong = `${anchor.split(':')[0]}:${'0'.repeat(64)}`;
    const failed = await patchbay(['audit', 'verify', '--anchor', wrong]);
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringContaining('is not the one of the anchor'),
    ]);
  });
});

/** The Node that the machine had before npm brought a newer one, if there is one. */
const OLD_NODE = '/usr/bin/node';

test.runIf(existsSync(OLD_NODE) || existsSync('/usr/local/bin/node'))(
  'the launcher works under the machine’s own Node',
  async () => {
    const node = existsSync(OLD_NODE) ? OLD_NODE : '/usr/local/bin/node';
    const { code, stdout } = await patchbay(['flow', 'list', '--q', 'nothing-like-this'], { node });
    expect([code, stdout]).toEqual([0, 'No flows.\n']);
    expect((await patchbay(['flow', 'export'], { node })).code).toBe(2);
  },
);
