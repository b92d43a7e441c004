import type { Stage } from '#test/faults/stage.ts';
import { CONNECTORS_OF_TESTS } from '#test/support/oauth/connectors-argument.ts';
import type { OAuthProvider } from '#test/support/oauth/provider.ts';
import { reconnect } from '#test/support/oauth/reconnect.ts';
import { storeConnection } from '#test/support/oauth/store-connection.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, START } from '#test/worker/test-flow.ts';

import type { CallerTask } from './caller.ts';

export interface KillsReport {
  /** Processes killed between the provider's answer and its note. */
  readonly kills: number;
  /** Connections that were marked, and how often at most. */
  readonly marked: number;
  readonly mostMarks: number;
  /** The most requests with one refresh token: the one whose answer was lost, and one more. */
  readonly mostAsksWithOne: number;
  /** Runs that waited without an attempt, and that went on when their connection was reconnected. */
  readonly waited: number;
  readonly wentOn: number;
  /** From the kill of the last process until the last connection was marked. */
  readonly foundSeconds: number;
  readonly faults: readonly string[];
}

interface Victim {
  readonly slug: string;
  readonly id: string;
  readonly shown: string;
  readonly runId: string;
}

const SIDE_BY_SIDE = 4;
const PATIENCE_MS = 120_000;
/** Longer than any worker takes to look again: what would be a loop shows. */
const LOOKS_MS = 4_000;

/**
 * Kills a process between the provider's answer and its note, for each of so many connections; then has workers find out, and people
 * reconnect.
 *
 * @param isHurried ends the leases of the dead at once, instead of waiting half a minute.
 */
export async function kills(
  stage: Stage,
  provider: OAuthProvider,
  { count, isHurried }: { readonly count: number; readonly isHurried: boolean },
): Promise<KillsReport> {
  const victims: Victim[] = [];
  const faults: string[] = [];
  let killed = 0;
  for (let n = 0; n < count; n++) victims.push(await prepare(stage, provider, n));
  const waiting = [...victims];
  const killEach = async () => {
    for (let victim = waiting.shift(); victim; victim = waiting.shift()) {
      const how = await kill(stage, provider, victim);
      if (how === 'SIGKILL') killed += 1;
      else faults.push(`the process for ${victim.slug} was not killed: ${how}`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, killEach));
  const since = performance.now();
  if (isHurried)
    await stage.db.query('update connection set refresh_until = now() where refresh_by is not null');
  for (let n = 0; n < 2; n++) await stage.startWorker({ LOG_LEVEL: 'warn' }, CONNECTORS_OF_TESTS);
  await waitFor('all connections to be marked', () => areMarked(stage, victims), PATIENCE_MS);
  const foundSeconds = Math.round((performance.now() - since) / 100) / 10;
  await waitFor('all runs to wait', async () => (await parkedRuns(stage, victims)) === count, PATIENCE_MS);
  const quietFrom = performance.now();
  const asks = provider.asks.length;
  await waitFor('several looks of the workers', () => performance.now() > quietFrom + LOOKS_MS);
  if (provider.asks.length > asks)
    faults.push(`the provider was asked ${provider.asks.length - asks} times more`);
  const waited = await parkedRuns(stage, victims);
  for (const { id } of victims) await reconnect(stage, provider, { id });
  const wentOn = await endedRuns(stage, victims);
  const found = {
    kills: killed,
    ...(await marks(stage, victims)),
    mostAsksWithOne: Math.max(...victims.map(({ shown }) => asksWith(provider, shown))),
    waited,
    wentOn,
    foundSeconds,
  };
  return { ...found, faults: [...faults, ...faultsOf(found, { provider, victims })] };
}

function faultsOf(
  found: Omit<KillsReport, 'faults'>,
  { provider, victims }: { readonly provider: OAuthProvider; readonly victims: readonly Victim[] },
): string[] {
  const count = victims.length;
  const asked = victims.filter(({ shown }) => asksWith(provider, shown) !== 2);
  const called = victims.filter(({ slug }) => callsOf(provider, slug) !== 1);
  return [
    ...(found.kills === count ? [] : [`${found.kills} of ${count} processes were killed`]),
    ...(found.marked === count && found.mostMarks === 1 ? [] : [`${found.marked} were marked`]),
    ...asked.map(({ slug, shown }) => `${slug}: asked ${asksWith(provider, shown)} times, not twice`),
    ...(found.waited === count ? [] : [`${found.waited} runs waited`]),
    ...(found.wentOn === count ? [] : [`${found.wentOn} runs went on`]),
    ...called.map(({ slug }) => `${slug}: called ${callsOf(provider, slug)} times, not once`),
  ];
}

async function prepare(stage: Stage, provider: OAuthProvider, n: number): Promise<Victim> {
  const slug = `victim-${n}`;
  const account = await provider.connect();
  const id = await storeConnection(stage, provider, { slug, account, endsInSeconds: -1 });
  const flow = await stage.publish({
    nodes: [START, post('call', `${provider.url}/api/${slug}`, { connection: slug })],
    edges: 'start>call',
  });
  const [runId = ''] = await stage.start(flow, [{}]);
  return { slug, id, shown: account.refreshToken, runId };
}

async function kill(stage: Stage, provider: OAuthProvider, { slug }: Victim): Promise<number | string> {
  const { workspaceId } = stage;
  const task: CallerTask = { workspaceId, slug, callers: 1, url: `${provider.url}/api/${slug}` };
  const doomed = stage.launch('test/faults/token-storm/caller.ts', {
    PATCHBAY_STORM: JSON.stringify(task),
    PATCHBAY_CRASH_AT: 'token.after_answer',
    LOG_LEVEL: 'warn',
  });
  return doomed.ended;
}

async function areMarked(stage: Stage, victims: readonly Victim[]): Promise<boolean> {
  const { rows } = await stage.db.query<{ count: number }>(
    `select count(*)::int as count from connection where id = any($1) and status = 'reconnect'`,
    [victims.map(({ id }) => id)],
  );
  return rows[0]!.count === victims.length;
}

async function marks(
  stage: Stage,
  victims: readonly Victim[],
): Promise<{ marked: number; mostMarks: number }> {
  const { rows } = await stage.db.query<{ count: number }>(
    `select count(*)::int as count from audit_entry where action = 'connection.end' and resource = any($1) group by resource`,
    [victims.map(({ slug }) => `connection:${slug}`)],
  );
  return { marked: rows.length, mostMarks: Math.max(0, ...rows.map(({ count }) => count)) };
}

async function parkedRuns(stage: Stage, victims: readonly Victim[]): Promise<number> {
  const { rows } = await stage.db.query<{ count: number }>(
    `select count(*)::int as count from step s join run r on r.id = s.run_id
     where r.id = any($1) and r.status = 'waiting' and s.waiting_for = 'connection' and s.attempts = 0`,
    [victims.map(({ runId }) => runId)],
  );
  return rows[0]!.count;
}

async function endedRuns(stage: Stage, victims: readonly Victim[]): Promise<number> {
  const ids = victims.map(({ runId }) => runId);
  const count = async (condition: string) => {
    const { rows } = await stage.db.query<{ count: number }>(
      `select count(*)::int as count from run where id = any($1) and ${condition}`,
      [ids],
    );
    return rows[0]!.count;
  };
  await waitFor(
    'the runs to end',
    async () => (await count('finished_at is not null')) === ids.length,
    PATIENCE_MS,
  );
  return count(`status = 'succeeded'`);
}

function asksWith(provider: OAuthProvider, shown: string): number {
  return provider.asks.filter((ask) => ask.shown === shown).length;
}

function callsOf(provider: OAuthProvider, slug: string): number {
  return provider.calls.filter(({ path, isAccepted }) => path === `/api/${slug}` && isAccepted).length;
}
