import type { Stage } from '#test/faults/stage.ts';
import type { LaunchedProcess } from '#test/support/launch-process.ts';
import { CONNECTORS_OF_TESTS } from '#test/support/oauth/connectors-argument.ts';
import type { OAuthProvider } from '#test/support/oauth/provider.ts';
import { storeConnection } from '#test/support/oauth/store-connection.ts';
import { waitFor } from '#test/support/wait-for.ts';

import type { CallerReport, CallerTask } from './caller.ts';

export interface RaceReport {
  readonly calls: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Tokens that the connection has had. */
  readonly tokens: number;
  /** Requests for a token that the provider received. */
  readonly asks: number;
  /** The most requests with one refresh token: 1, or the grant would be taken back. */
  readonly mostAsksWithOne: number;
  readonly revokedGrants: number;
  readonly faults: readonly string[];
}

const TOKEN_SECONDS = 2;
const PATIENCE_MS = 120_000;

/**
 * Processes call over one connection, whose token has ended and whose further tokens live two seconds, until it has had so many. A
 * look of the workers' own renewal goes on beside them where `hasWorker` is set.
 */
export async function race(
  stage: Stage,
  provider: OAuthProvider,
  {
    rounds,
    processes,
    callers,
    hasWorker,
  }: {
    readonly rounds: number;
    readonly processes: number;
    readonly callers: number;
    readonly hasWorker: boolean;
  },
): Promise<RaceReport> {
  const before = { asks: provider.asks.length, revoked: provider.revokedGrants };
  const { workspaceId } = stage;
  const slug = `race-${before.asks}`;
  provider.accessSeconds = TOKEN_SECONDS;
  const account = await provider.connect();
  const id = await storeConnection(stage, provider, { slug, account, endsInSeconds: -1 });
  const task: CallerTask = { workspaceId, slug, callers, url: `${provider.url}/api/${slug}` };
  const worker = hasWorker ? await stage.startWorker({ LOG_LEVEL: 'warn' }, CONNECTORS_OF_TESTS) : undefined;
  const running = Array.from({ length: processes }, () =>
    stage.launch('test/faults/token-storm/caller.ts', {
      PATCHBAY_STORM: JSON.stringify(task),
      LOG_LEVEL: 'warn',
    }),
  );
  const version = async () => {
    const { rows } = await stage.db.query<{ version: number }>(
      'select token_version as version from connection where id = $1',
      [id],
    );
    return rows[0]!.version;
  };
  await waitFor(`${rounds} tokens`, async () => (await version()) > rounds, PATIENCE_MS);
  const reports = await Promise.all(running.map(stop));
  // Nothing is under way any more that could change the counts.
  worker?.signal('SIGTERM');
  await worker?.ended;
  provider.accessSeconds = 3_600;
  const asks = provider.asks.slice(before.asks);
  const shown = Map.groupBy(asks, (ask) => ask.shown);
  const found = {
    calls: reports.reduce((sum, report) => sum + report.calls, 0),
    failures: sumOf(reports),
    tokens: (await version()) - 1,
    asks: asks.length,
    mostAsksWithOne: Math.max(...[...shown.values()].map(({ length }) => length)),
    revokedGrants: provider.revokedGrants - before.revoked,
  };
  // A worker of a later part would renew it for ever.
  await stage.db.query('delete from connection where id = $1', [id]);
  return { ...found, faults: faultsOf(found, asks.filter(({ refusal }) => refusal !== null).length) };
}

function faultsOf(found: Omit<RaceReport, 'faults'>, refused: number): string[] {
  const { failures, tokens, asks, mostAsksWithOne, revokedGrants, calls } = found;
  return [
    ...(Object.keys(failures).length > 0 ? [`calls failed: ${JSON.stringify(failures)}`] : []),
    ...(asks === tokens ? [] : [`${asks} requests for ${tokens} tokens`]),
    ...(mostAsksWithOne === 1 ? [] : [`a refresh token was shown ${mostAsksWithOne} times`]),
    ...(revokedGrants === 0 ? [] : [`${revokedGrants} grants were taken back`]),
    ...(refused === 0 ? [] : [`${refused} requests were refused`]),
    ...(calls > tokens ? [] : [`only ${calls} calls were made`]),
  ];
}

async function stop(caller: LaunchedProcess): Promise<CallerReport> {
  caller.child.send('stop');
  const report = (await caller.message) as CallerReport | undefined;
  if (!report) throw new Error(`A caller ended without a word:\n${caller.output()}`);
  await caller.ended;
  return report;
}

function sumOf(reports: readonly CallerReport[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { failures } of reports)
    for (const [failure, count] of Object.entries(failures)) sum[failure] = (sum[failure] ?? 0) + count;
  return sum;
}
