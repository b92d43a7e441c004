import type { RunStatus, StepStatus } from '#core/api/runs.ts';

/** JSON text as `toStoredJson` makes it, or null for SQL's null. */
export type StoredText = string | null;

/** What a waiting step waits for. */
export type WaitingFor = 'retry' | 'time' | 'approval' | 'call' | 'breaker' | 'budget' | 'connection';

export interface StepRow {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly status: StepStatus;
  readonly ports: readonly string[];
  readonly input: StoredText;
  readonly output: StoredText;
  readonly error: StoredText;
  readonly attempts: number;
  /** Times in milliseconds since 1970, by the database's clock. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly nextAttemptAt: number | null;
  readonly waitingFor: WaitingFor | null;
  /** The scope of the breaker, budget or connection that last held it back. */
  readonly heldBy: string | null;
  /** What its handler left when it suspended the step. */
  readonly state: StoredText;
  readonly logs: StoredText;
}

export interface AttemptRow {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly number: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly error: StoredText;
}

/** The run's own row. Absent `output` and `reply` stay as they are. */
export interface RunRow {
  readonly runId: string;
  readonly epoch: number;
  readonly status: RunStatus;
  readonly output: StoredText;
  readonly reply: StoredText;
  readonly error: StoredText;
  readonly wakeAt: number | null;
  readonly finishedAt: number | null;
  /** True: a step was completed, so the run is not what kills its workers. */
  readonly hasProgress: boolean;
  /** False gives the run up: it ended or waits. */
  readonly keepsLease: boolean;
  /** How many signals the activation knew. A run that is let go with more is due at once. */
  readonly signals: number;
  readonly compensation: 'undone' | 'partly_undone' | null;
  /** True at an end that somebody is to be told of. */
  readonly isEndDue: boolean;
}

export interface DeadLetterRow {
  readonly runId: string;
  readonly workspaceId: string;
  readonly flowSlug: string;
  readonly nodeId: string | null;
  readonly errorKind: string;
  readonly errorCode: string;
  /** What it is grouped by: the code, and of a reply its status too. */
  readonly cause: string;
}

/** The short names are those of the record sets in `server/sql/write-journal.ts`. Values are JSON text already. */
export function stepText(row: StepRow): string {
  return `{"r":"${row.runId}","n":${JSON.stringify(row.nodeId)},"k":${JSON.stringify(row.key)},"s":"${row.status}","p":${JSON.stringify(
    row.ports,
  )},"i":${row.input},"o":${row.output},"e":${row.error},"a":${row.attempts},"b":${time(row.startedAt)},"f":${time(
    row.finishedAt,
  )},"w":${time(row.nextAttemptAt)}${waitText(row)}}`;
}

/** Absent for most steps. A state is wrapped, because a JSON null would be none. */
function waitText({ waitingFor, heldBy, state, logs }: StepRow): string {
  const waits = waitingFor === null ? '' : `,"v":"${waitingFor}"`;
  const held = heldBy === null ? '' : `,"h":${JSON.stringify(heldBy)}`;
  return `${waits}${held}${state === null ? '' : `,"z":{"value":${state}}`}${logs === null ? '' : `,"l":${logs}`}`;
}

export function attemptText(row: AttemptRow): string {
  return `{"r":"${row.runId}","n":${JSON.stringify(row.nodeId)},"k":${JSON.stringify(row.key)},"a":${row.number},"b":${time(
    row.startedAt,
  )},"f":${time(row.finishedAt)},"e":${row.error}}`;
}

/** An attempt that was announced and not made. */
export function unmadeAttemptText(row: Pick<AttemptRow, 'runId' | 'nodeId' | 'key' | 'number'>): string {
  return JSON.stringify({ r: row.runId, n: row.nodeId, k: row.key, a: row.number });
}

export function runText(row: RunRow): string {
  return `{"r":"${row.runId}","p":${row.epoch},"s":"${row.status}","o":${row.output},"y":${row.reply},"e":${row.error},"w":${time(
    row.wakeAt,
  )},"f":${time(row.finishedAt)},"d":${row.hasProgress},"l":${row.keepsLease},"g":${row.signals},"t":${row.isEndDue},"c":${
    row.compensation && JSON.stringify(row.compensation)
  }}`;
}

export function deadLetterText(row: DeadLetterRow): string {
  return JSON.stringify({
    r: row.runId,
    w: row.workspaceId,
    f: row.flowSlug,
    n: row.nodeId,
    k: row.errorKind,
    c: row.errorCode,
    g: row.cause,
  });
}

/** Seconds, as `to_timestamp` takes them. */
function time(ms: number | null): string {
  return ms === null ? 'null' : `${Math.trunc(ms) / 1_000}`;
}
