import type { JsonObject } from '#core/json.ts';
import { toStepError, type StepError } from '#core/step-failure.ts';
import { HeldBack, holdError, type Hold } from '#worker/calls/held-back.ts';
import { openAccount, type AccountServices } from '#worker/calls/open-account.ts';
import { Redaction } from '#worker/redact.ts';
import { askConnector } from '#worker/triggers/ask-connector.ts';
import { askRequest } from '#worker/triggers/ask-request.ts';
import type { PollJob } from '#worker/triggers/poll-lease.ts';
import type { PolledItems } from '#worker/triggers/polled-items.ts';

/** Why a poll brought nothing. */
export interface FailedPoll {
  readonly error: StepError;
  /** Set where it was held back: when it looks again, unless its connection can be used before. */
  readonly waitsUntil: Date | null;
}

/** Asks the far end of a poll and reads the reply. Returns why that failed; never throws. */
export async function askPoll(
  job: PollJob,
  services: AccountServices,
  signal: AbortSignal,
): Promise<{ readonly polled: PolledItems } | FailedPoll> {
  const redaction = new Redaction();
  try {
    const { timeoutMs, source } = job;
    const { workspaceId, userId } = job.row;
    const place = { workspaceId, userId, slug: job.node.connection, timeoutMs };
    const account = await openAccount(place, services, redaction);
    const polled = source
      ? await askConnector(source, job, { account, signal, redaction })
      : await askRequest(job, account, { signal, redaction });
    return { polled };
  } catch (thrown) {
    if (thrown instanceof HeldBack) return waiting(job, thrown.hold);
    const error = toStepError(thrown) as unknown as JsonObject;
    return { error: redaction.apply(error) as unknown as StepError, waitsUntil: null };
  }
}

/** `releasePolls` finds by the detail which polls wait for what. */
function waiting({ node }: PollJob, hold: Hold): FailedPoll {
  const waitsUntil = new Date(hold.until);
  const until = waitsUntil.toISOString();
  const detail = { until, ...(hold.for === 'connection' && { connection: node.connection ?? '' }) };
  return { error: { ...holdError(hold), detail }, waitsUntil };
}
