import type { FlowReply } from '#connectors/contract.ts';
import type { RunStatus } from '#core/api/runs.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import type { RunError } from '#core/plan.ts';
import { deadLetterText, runText } from '#server/journal/journal-rows.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import { storableOrNull } from '#worker/storable.ts';

/** How a run leaves this activation. */
export interface RunExit {
  readonly status: RunStatus;
  readonly output?: Json;
  readonly error?: RunError | null;
  /** When a worker may claim it again; absent at the end and while in doubt. */
  readonly wakeAt?: number;
  readonly finishedAt?: number;
  /** What became of the steps that the run undoes. */
  readonly compensation?: 'undone' | 'partly_undone';
  /** True when somebody is to be told of the end. */
  readonly isEndDue?: boolean;
}

/** What the run's row is to say besides how it leaves. */
interface RunNews {
  /** Made by a response; the exit's own output goes before it. */
  readonly output: Json;
  readonly reply: FlowReply | null;
  /** Why it failed, while it undoes what it did. */
  readonly failure: RunError | null;
  readonly clearsDeaths: boolean;
  readonly signals: number;
}

/** Names an exit among the crash points. */
export function exitName({ status, finishedAt }: RunExit): 'dead_letter' | 'end' | 'wait' {
  if (finishedAt === undefined) return 'wait';
  return status === 'failed' ? 'dead_letter' : 'end';
}

/** The run's own row; without `exit` it goes on in this activation. */
export function runRowOf(
  { id: runId, epoch }: Pick<ClaimedRun, 'id' | 'epoch'>,
  exit: RunExit | undefined,
  news: RunNews,
): string {
  const output = exit?.output ?? news.output;
  const error = exit?.error ?? news.failure;
  return runText({
    runId,
    epoch,
    status: exit?.status ?? 'running',
    output: output === null ? null : storableOrNull(output),
    reply: news.reply && toStoredJson(news.reply as unknown as Json),
    error: error && storableOrNull(error as unknown as Json),
    wakeAt: exit?.wakeAt ?? null,
    finishedAt: exit?.finishedAt ?? null,
    hasProgress: news.clearsDeaths,
    keepsLease: exit === undefined,
    signals: news.signals,
    compensation: exit?.compensation ?? null,
    isEndDue: exit?.isEndDue ?? false,
  });
}

/** The dead letter of a run that ends failed; null at every other exit. */
export function deadLetterOf(run: ClaimedRun, exit: RunExit | undefined): string | null {
  if (exit?.status !== 'failed') return null;
  return deadLetterText({
    runId: run.id,
    workspaceId: run.workspaceId,
    flowSlug: run.flowSlug,
    nodeId: exit.error?.nodeId ?? null,
    errorKind: exit.error?.kind ?? 'bug',
    errorCode: exit.error?.code ?? 'unexpected',
    cause: causeOf(exit.error),
  });
}

/** What dead letters are grouped by: the error's code, and of a reply its status too. */
function causeOf(error: RunError | null | undefined): string {
  const code = error?.code ?? 'unexpected';
  const detail = error?.detail;
  const status = isJsonObject(detail) ? detail['status'] : undefined;
  return typeof status === 'number' ? `${code} ${status}` : code;
}
