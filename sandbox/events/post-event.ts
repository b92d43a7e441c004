import { signatureOf } from '#sandbox/events/signature.ts';
import type { Delivery } from '#sandbox/state/state.ts';

const TIMEOUT_MS = 10_000;

export interface Answer {
  /** The receiver has it: it answered 2xx. */
  readonly isTaken: boolean;
  /** `202`, `ECONNREFUSED`, `no answer in 10 s`. */
  readonly outcome: string;
}

/** Sends an event once, signed at this moment. Never throws: what goes wrong is the outcome. */
export async function postEvent(
  { url, body, eventId }: Pick<Delivery, 'url' | 'body' | 'eventId'>,
  secret: string,
  stopping: AbortSignal,
): Promise<Answer> {
  try {
    const reply = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Acme-Webhooks/1',
        'acme-event-id': eventId,
        'acme-signature': signatureOf(body, { secret, unixSeconds: Math.floor(Date.now() / 1_000) }),
      },
      body,
      // A redirect could lead to where Acme may not deliver.
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await reply.body?.cancel();
    return { isTaken: reply.ok, outcome: String(reply.status) };
  } catch (cause) {
    return { isTaken: false, outcome: wordsFor(cause) };
  }
}

function wordsFor(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no answer';
  if (cause.name === 'TimeoutError') return `no answer in ${TIMEOUT_MS / 1_000} s`;
  const { cause: inner } = cause;
  return inner instanceof Error && 'code' in inner ? String(inner.code) : 'no answer';
}
