import { createHash } from 'node:crypto';

import { invalid, Problem } from '#sandbox/problem.ts';
import { KEPT_REPLY_MS } from '#sandbox/state/prune.ts';
import { nextMoment, type KeptReply, type State } from '#sandbox/state/state.ts';

const LONGEST_KEY = 255;

/** A POST that carries a key. */
export interface KeyedRequest {
  readonly owner: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

interface KeyedReply {
  readonly status: number;
  readonly body: string;
  /** It was given before; nothing was done now. */
  readonly isRepeated: boolean;
}

/**
 * Does what a request asks for once, and gives the same reply each time that it comes again within 24 hours. Only what
 * succeeded is remembered: a refused request may be sent again under its key. Throws a `Problem` (422) when the key was used
 * for another request.
 *
 * @param act must not wait for anything, so that two at once cannot both find the key unused.
 */
export function withIdempotencyKey(
  state: State,
  request: KeyedRequest,
  act: () => { readonly status: number; readonly body: string },
): KeyedReply {
  const { owner, key, method, path } = request;
  if (key.length > LONGEST_KEY)
    throw invalid([{ field: 'Idempotency-Key', message: `has more than ${LONGEST_KEY} characters` }]);
  const id = `${owner} ${key}`;
  const fingerprint = fingerprintOf(request);
  const kept = state.replies.get(id);
  if (kept && Date.parse(kept.at) + KEPT_REPLY_MS > Date.now())
    return repeat(state, id, { kept, fingerprint });
  const { status, body } = act();
  const at = nextMoment(state);
  state.replies.set(id, { owner, key, method, path, fingerprint, status, body, at, repeats: 0 });
  return { status, body, isRepeated: false };
}

function repeat(
  state: State,
  id: string,
  { kept, fingerprint }: { readonly kept: KeptReply; readonly fingerprint: string },
): KeyedReply {
  if (kept.fingerprint !== fingerprint)
    throw new Problem(422, 'idempotency_mismatch', 'This Idempotency-Key was used for another request.', {
      fields: [{ field: 'Idempotency-Key', message: 'was used for another request' }],
    });
  state.replies.set(id, { ...kept, repeats: kept.repeats + 1 });
  return { status: kept.status, body: kept.body, isRepeated: true };
}

function fingerprintOf({ method, path, body }: KeyedRequest): string {
  return createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');
}
