import { randomBytes, randomUUID } from 'node:crypto';

import type pg from 'pg';

import { catalog } from '#connectors/definitions.ts';
import type { ReplayPlan } from '#core/api/replay.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { closePool, createPool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { ProblemError } from '#server/problem.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { prepareReplay } from '#server/recovery/prepare-replay.ts';
import { prepareResume } from '#server/recovery/prepare-resume.ts';
import { replayRunIn } from '#server/recovery/replay-run.ts';
import { resumeRunIn } from '#server/recovery/resume-run.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';

import { Dice, seedOf } from './dice.ts';
import { startFarEnd, type FarEnd } from './far-end.ts';
import { judgePlan, type JournalStep } from './judge-plan.ts';
import { randomFlow, type RandomFlow } from './random-flow.ts';
import { storeFlows } from './store-flows.ts';
import { startCrew } from './worker-crew.ts';

export interface RecoveryReport {
  readonly flows: number;
  readonly replays: number;
  readonly resumes: number;
  /** Of those, how many ended succeeded. */
  readonly healed: number;
  /** Why resumes and replays were refused, and how often. */
  readonly refused: Readonly<Record<string, number>>;
  /** What did not go as its plan said. */
  readonly faults: readonly string[];
}

const TYPES = ['map', 'filter', 'if', 'switch', 'each', 'respond', 'stop'].map((name) => `core.${name}`);

/** Runs random flows on a real worker, then replays and resumes them, and holds what happens against the plan shown before. */
export async function checkRecovery(options: {
  readonly flows: number;
  readonly seed: number;
}): Promise<RecoveryReport> {
  const database = await createTestDatabase();
  const secretKey = randomBytes(32).toString('base64');
  process.env['DATABASE_URL'] = database.url;
  process.env['PATCHBAY_SECRET_KEY'] = secretKey;
  const db = createPool(database.url, { max: 4 });
  const farEnd = await startFarEnd();
  const crew = await startCrew(1, {
    DATABASE_URL: database.url,
    PATCHBAY_SECRET_KEY: secretKey,
    PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8',
    PATCHBAY_CONCURRENCY: '24',
    LOG_LEVEL: 'info',
  });
  try {
    return await new Session(db, farEnd).run(options);
  } finally {
    await crew.stop();
    await farEnd.stop();
    await stopQueue();
    await closePrisma();
    await closePool();
    await db.end();
    await database.drop();
  }
}

class Session {
  readonly #db: pg.Pool;
  readonly #farEnd: FarEnd;
  readonly #workspaceId = randomUUID();
  readonly #faults: string[] = [];
  readonly #refused: Record<string, number> = {};
  #counts = { replays: 0, resumes: 0, healed: 0 };

  constructor(db: pg.Pool, farEnd: FarEnd) {
    this.#db = db;
    this.#farEnd = farEnd;
  }

  async run({ flows, seed }: { readonly flows: number; readonly seed: number }): Promise<RecoveryReport> {
    await this.#db.query('insert into workspace (id, slug, name) values ($1, $2, $2)', [
      this.#workspaceId,
      'model',
    ]);
    const types = new Set(['http.request', ...TYPES.filter((type) => catalog(type, 1) !== undefined)]);
    const drawn = Array.from({ length: flows }, (_, number) =>
      randomFlow(new Dice(seedOf(seed, number)), {
        slug: `model-${number}`,
        farEnd: this.#farEnd.url,
        types,
        isKilled: false,
      }),
    );
    const runIds = await storeFlows(this.#db, this.#workspaceId, drawn);
    const dice = new Dice(seed);
    await this.#whenEnded(runIds);
    for (const [number, runId] of runIds.entries())
      await this.#replay(dice, { flow: drawn[number]!, number, runId });
    for (const [number, runId] of runIds.entries()) await this.#resume(dice, { number, runId });
    return { flows, ...this.#counts, refused: this.#refused, faults: this.#faults };
  }

  /** From a node of the root, whichever, or from the trigger. */
  async #replay(dice: Dice, of: { flow: RandomFlow; number: number; runId: string }): Promise<void> {
    const undoes = new Set(of.flow.document.nodes.map(({ compensate }) => compensate));
    const roots = of.flow.document.nodes.filter(({ id, parent }) => parent === undefined && !undoes.has(id));
    const from = dice.chance(0.8) ? dice.pick(roots).id : undefined;
    const target = {
      workspaceId: this.#workspaceId,
      runId: of.runId,
      request: { version: 'original' as const, ...(from !== undefined && { from }) },
    };
    const done = await this.#unlessRefused(async (client) => {
      const { plan } = (await prepareReplay(client, target)).planned;
      return { plan, ...(await replayRunIn(client, target)) };
    });
    if (!done) return;
    this.#counts.replays += 1;
    if (dice.chance(0.5)) this.#farEnd.heal(done.runId);
    await this.#whenEnded([done.runId]);
    const told = `flow ${of.number}, replay from ${from ?? 'the trigger'}`;
    await this.#judge(told, done.plan, { runId: done.runId, before: [] });
    for (const { nodeId, key, idempotencyKey: sent } of this.#farEnd.callsOf(done.runId))
      if (sent !== undefined && sent !== idempotencyKey(done.runId, nodeId, key))
        this.#faults.push(`${told}: ${nodeId} "${key}" went out with another run's key`);
  }

  async #resume(dice: Dice, of: { number: number; runId: string }): Promise<void> {
    const { runId } = of;
    if ((await this.#statusOf(runId)) !== 'failed') return;
    const target = { workspaceId: this.#workspaceId, runId };
    const before = await this.#journalOf(runId);
    const callsBefore = this.#farEnd.callsOf(runId).length;
    if (dice.chance(0.7)) this.#farEnd.heal(runId);
    const done = await this.#unlessRefused(async (client) => {
      const { plan, steps } = await prepareResume(client, target);
      await resumeRunIn(client, target);
      return { plan, reopened: steps.reopen.map(({ nodeId }) => nodeId) };
    });
    if (!done) return;
    this.#counts.resumes += 1;
    await this.#whenEnded([runId]);
    const told = `flow ${of.number}, resumed`;
    await this.#judge(told, done.plan, { runId, before, reopened: done.reopened });
    const kept = new Set(before.filter(({ status }) => status === 'succeeded').map(nameOf));
    for (const call of this.#farEnd.callsOf(runId).slice(callsBefore)) {
      if (kept.has(nameOf(call))) this.#faults.push(`${told}: ${nameOf(call)} was done again`);
      if (
        call.idempotencyKey !== undefined &&
        call.idempotencyKey !== idempotencyKey(runId, call.nodeId, call.key)
      )
        this.#faults.push(`${told}: ${nameOf(call)} went out with another key`);
    }
  }

  async #judge(
    told: string,
    plan: ReplayPlan,
    of: { runId: string; before: readonly JournalStep[]; reopened?: readonly string[] },
  ): Promise<void> {
    const status = await this.#statusOf(of.runId);
    if (status === 'succeeded') this.#counts.healed += 1;
    const faults = judgePlan(plan, { ...of, after: await this.#journalOf(of.runId), status });
    this.#faults.push(...faults.map((fault) => `${told}: ${fault}`));
  }

  async #unlessRefused<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T | undefined> {
    try {
      return await inClientTransaction(work);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const code = error.errors?.[0]?.code ?? error.code;
      this.#refused[code] = (this.#refused[code] ?? 0) + 1;
      return undefined;
    }
  }

  async #statusOf(runId: string): Promise<string> {
    const { rows } = await this.#db.query<{ status: string }>('select status from run where id = $1', [
      runId,
    ]);
    return rows[0]?.status ?? '';
  }

  async #journalOf(runId: string): Promise<JournalStep[]> {
    const { rows } = await this.#db.query<JournalStep>(
      `select node_id as "nodeId", key, status, attempts, is_reused as "isReused" from step where run_id = $1`,
      [runId],
    );
    return rows;
  }

  async #whenEnded(runIds: readonly string[]): Promise<void> {
    await waitFor(
      'runs to end',
      async () => {
        const { rowCount } = await this.#db.query(
          'select from run where id = any($1::uuid[]) and finished_at is null limit 1',
          [runIds],
        );
        return rowCount === 0;
      },
      60_000,
    );
  }
}

function nameOf({ nodeId, key }: { readonly nodeId: string; readonly key: string }): string {
  return `${nodeId} "${key}"`;
}
