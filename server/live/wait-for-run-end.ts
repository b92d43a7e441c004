import type { FlowReply } from '#connectors/contract.ts';
import type { RunStatus } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { subscribeToRunChanges } from '#server/live/subscribe-to-run-changes.ts';
import { log } from '#server/log.ts';

/** What a waiting caller learns. `status` may still be `running` when the caller waited for the reply only. */
export interface EndedRun {
  readonly id: string;
  readonly status: RunStatus;
  /** Set by `core.respond`. */
  readonly reply: FlowReply | null;
  readonly output: Json;
  readonly error: Json;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** `end` (default): until the run ended. `reply`: until it ended or `core.respond` set its reply. */
  readonly until?: 'end' | 'reply';
}

/** Notifications are hints; the row is re-read at least this often. */
const POLL_MS = 1_000;
const ENDED: ReadonlySet<RunStatus> = new Set<RunStatus>(['succeeded', 'failed', 'cancelled']);

/** Waits for a run. Null when the time is up, the signal fires, or there is no such run. */
export function waitForRunEnd(runId: string, options: WaitOptions): Promise<EndedRun | null> {
  const { timeoutMs, signal, until = 'end' } = options;
  return new Promise((resolve) => {
    let reading = false;
    let readAgain = false;

    const settle = (result: EndedRun | null) => {
      unsubscribe();
      clearInterval(poll);
      clearTimeout(deadline);
      signal?.removeEventListener('abort', giveUp);
      resolve(result);
    };
    const giveUp = () => settle(null);
    // A change that arrives during a read may be newer than what the read sees.
    const look = () => {
      readAgain = reading;
      if (reading) return;
      reading = true;
      void readRun(runId).then((run) => {
        reading = false;
        if (run === null || isDone(run, until)) settle(run ?? null);
        else if (readAgain) look();
      });
    };

    const unsubscribe = subscribeToRunChanges({ runId }, look, look);
    const poll = setInterval(look, POLL_MS);
    const deadline = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted) giveUp();
    else look();
  });
}

function isDone(run: EndedRun | undefined, until: 'end' | 'reply'): boolean {
  return run !== undefined && (ENDED.has(run.status) || (until === 'reply' && run.reply !== null));
}

/** Null: no such run. Undefined: the database did not answer; the next poll tries again. */
async function readRun(runId: string): Promise<EndedRun | null | undefined> {
  try {
    const { rows } = await pool().query<EndedRun>({
      name: 'live_read_run',
      text: 'select id, status::text as status, reply, output, error from run where id = $1',
      values: [runId],
    });
    const row = rows[0];
    if (!row) return null;
    return {
      ...row,
      reply: fromStoredJson(row.reply as Json) as FlowReply | null,
      output: fromStoredJson(row.output),
      error: fromStoredJson(row.error),
    };
  } catch (error) {
    log.debug({ err: error, part: 'live' }, 'a waiting caller could not read its run');
    return undefined;
  }
}
