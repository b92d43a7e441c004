import { openStage, type Stage } from '#test/faults/stage.ts';
import { percentile } from '#test/faults/percentile.ts';
import { startTcpProxy } from '#test/support/tcp-proxy.ts';
import type { LaunchedProcess } from '#test/support/launch-process.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, START, type PublishedFlow } from '#test/worker/test-flow.ts';

export interface LivenessReport {
  readonly name: 'liveness';
  readonly kills: number;
  /** From the worker's death to the call that another makes in its place, in ms. */
  readonly elsewhereMs: { readonly p50: number; readonly p95: number; readonly max: number };
  /** Workers whose way to the database swallowed everything, and the same times. */
  readonly cutOff: number;
  readonly cutOffMs: { readonly p50: number; readonly max: number };
}

/** Kills workers in the middle of a step, and cuts others off from the database, and measures until the step is made elsewhere. */
export async function runLiveness(kills: number, cutOffs: number): Promise<LivenessReport> {
  const stage = await openStage();
  try {
    const flow = await stage.publish({
      nodes: [START, post('step', `${stage.sink.url}/step`)],
      edges: 'start>step',
    });
    // The first call of each run hangs; the second is answered.
    const seen = new Set<string>();
    stage.sink.reply('/step', (request) => {
      const key = String(request.headers['idempotency-key']);
      if (seen.has(key)) return {};
      seen.add(key);
      return { delayMs: 30_000 };
    });
    const killed: number[] = [];
    let other = await startWorker(stage);
    for (let index = 0; index < kills; index++) {
      const victim = await startWorker(stage);
      const call = await holdStep(stage, flow, { victim, other });
      call.holder.signal('SIGKILL');
      const from = Date.now();
      await call.holder.ended;
      killed.push((await call.again()) - from);
      other = call.holder === victim ? other : victim;
    }
    const cut: number[] = [];
    for (let index = 0; index < cutOffs; index++) {
      const url = new URL(stage.databaseUrl);
      const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
      url.port = String(proxy.port);
      other.signal('SIGTERM');
      await other.ended;
      const victim = await startWorker(stage, { DATABASE_URL: url.href });
      const call = await holdStep(stage, flow, { victim, other: victim });
      other = await startWorker(stage);
      proxy.hold();
      const from = Date.now();
      cut.push((await call.again()) - from);
      victim.signal('SIGKILL');
      await proxy.cut();
    }
    return {
      name: 'liveness',
      kills,
      elsewhereMs: { p50: percentile(killed, 50), p95: percentile(killed, 95), max: percentile(killed, 100) },
      cutOff: cutOffs,
      cutOffMs: { p50: percentile(cut, 50), max: percentile(cut, 100) },
    };
  } finally {
    await stage.close();
  }
}

interface HeldCall {
  readonly holder: LaunchedProcess;
  /** When the call was made again. */
  again(): Promise<number>;
}

async function holdStep(
  stage: Stage,
  flow: PublishedFlow,
  { victim, other }: { victim: LaunchedProcess; other: LaunchedProcess },
): Promise<HeldCall> {
  const before = stage.sink.at('/step').length;
  const [id] = await stage.start(flow, [{}]);
  const [call] = (await stage.sink.waitFor('/step', before + 1)).slice(before);
  const key = call!.headers['idempotency-key'];
  const { rows } = await stage.db.query<{ worker: string }>(
    'select lease_worker_id as worker from run where id = $1',
    [id],
  );
  const holder = victim.output().includes(rows[0]!.worker) ? victim : other;
  return {
    holder,
    again: async () => {
      const calls = await waitFor(
        'the step to be made elsewhere',
        () => {
          const same = stage.sink.at('/step').filter(({ headers }) => headers['idempotency-key'] === key);
          return same.length > 1 && same;
        },
        30_000,
      );
      return calls[1]!.at;
    },
  };
}

function startWorker(stage: Stage, env: Record<string, string> = {}): Promise<LaunchedProcess> {
  // Its first lines name its id.
  return stage.startWorker({ LOG_LEVEL: 'info', ...env });
}
