import type pg from 'pg';

import type { StepStatus } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import type { WaitingFor } from '#server/journal/journal-rows.ts';

/** A step on record. */
export interface StoredStep {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly status: StepStatus;
  readonly ports: readonly string[];
  readonly input: Json;
  readonly output: Json;
  readonly error: Json;
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly waitingFor: WaitingFor | null;
  /** The scope of the breaker, budget or connection that last held it back. */
  readonly heldBy: string | null;
  /** True when its handler suspended it, and it is not settled since. */
  readonly isSuspended: boolean;
  readonly state: Json;
  readonly logs: Json;
  /** True for a step that a replay took over: another run did it. */
  readonly isReused: boolean;
  /** Attempts that the retry law no longer counts. */
  readonly attemptsBefore: number;
}

/** What a waiting step was told. */
export interface StoredSignal {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly payload: Json;
}

const STEPS = `
select run_id as "runId", node_id as "nodeId", key, status::text as status, ports, input, output, error, attempts,
  started_at as "startedAt", finished_at as "finishedAt", next_attempt_at as "nextAttemptAt",
  waiting_for as "waitingFor", held_by as "heldBy", state is not null as "isSuspended", state -> 'value' as state, logs,
  is_reused as "isReused", attempts_before as "attemptsBefore"
from step where run_id = any($1::uuid[])`;

/** The recorded steps of several runs, by run. */
export async function loadSteps(
  pool: pg.Pool,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, StoredStep[]>> {
  const byRun = new Map<string, StoredStep[]>();
  if (runIds.length === 0) return byRun;
  const { rows } = await pool.query<StoredStep>({ name: 'load_steps', text: STEPS, values: [runIds] });
  for (const row of rows) {
    const steps = byRun.get(row.runId);
    if (steps) steps.push(row);
    else byRun.set(row.runId, [row]);
  }
  return byRun;
}

const SIGNALS = `select run_id as "runId", node_id as "nodeId", key, payload from signal where run_id = any($1::uuid[])`;

/** What the steps of several runs were told, by run. */
export async function loadSignals(
  pool: pg.Pool,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, StoredSignal[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await pool.query<StoredSignal>({ name: 'load_signals', text: SIGNALS, values: [runIds] });
  return Map.groupBy(rows, ({ runId }) => runId);
}

const VERSIONS =
  'select id, document, created_by_id as "userId" from flow_version where id = any($1::uuid[])';

export interface LoadedVersion {
  readonly document: unknown;
  /** Who made it; null for nobody who is still there. */
  readonly userId: string | null;
}

/** Flow versions by id. */
export async function loadVersions(
  pool: pg.Pool,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LoadedVersion>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<LoadedVersion & { id: string }>({
    name: 'load_versions',
    text: VERSIONS,
    values: [ids],
  });
  return new Map(rows.map(({ id, ...version }) => [id, version]));
}
