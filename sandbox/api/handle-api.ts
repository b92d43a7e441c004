import type Provider from 'oidc-provider';

import type { CallLog } from '#sandbox/api/call-log.ts';
import { withIdempotencyKey } from '#sandbox/api/idempotency.ts';
import { describeApi } from '#sandbox/api/openapi.ts';
import type { Operation, RawCall } from '#sandbox/api/operation.ts';
import { OPERATIONS } from '#sandbox/api/operations.ts';
import { createRateLimiter, type RateLimit } from '#sandbox/api/rate-limit.ts';
import { makeTrouble } from '#sandbox/api/trouble.ts';
import type { Crm } from '#sandbox/crm/crm.ts';
import type { WebhookRules } from '#sandbox/events/webhooks.ts';
import type { Incoming, Reply } from '#sandbox/http/incoming.ts';
import { findCaller, type Caller } from '#sandbox/oauth/find-caller.ts';
import { notFound, Problem } from '#sandbox/problem.ts';
import { nextMoment } from '#sandbox/state/state.ts';
import type { Store } from '#sandbox/state/store.ts';

const BASE = '/api/v1';

export interface ApiParts {
  /** Acme's own URL. */
  readonly url: string;
  readonly store: Store;
  readonly crm: Crm;
  readonly provider: Provider;
  readonly rateLimit: RateLimit;
  readonly webhookRules: WebhookRules;
  readonly log: CallLog;
  /** How long "slow answers" take. */
  readonly slowMs: number;
  /** Ends slow answers. */
  readonly stopping: AbortSignal;
}

/** What is known of a call while it is answered; the log and the headers need it, whatever comes of the call. */
interface Progress {
  caller: Caller | null;
  headers: Record<string, string>;
  isRepeated: boolean;
}

/** Answers the REST API: token, rate, scope, trouble, then the operation itself. */
export function apiHandler(parts: ApiParts): (incoming: Incoming) => Promise<Reply> {
  const countRequest = createRateLimiter(parts.rateLimit);
  const document = JSON.stringify(describeApi(parts.url));

  async function answer(incoming: Incoming, progress: Progress): Promise<Reply> {
    const { operation, params } = findOperation(incoming);
    const caller = await findCaller(parts.provider, incoming.headers.authorization);
    progress.caller = caller;
    progress.headers = countRequest(caller.token);
    parts.store.state.lastUsed.set(caller.usedAs, nextMoment(parts.store.state));
    requireScope(operation, caller);
    await makeTrouble(parts.store.state.trouble, {
      method: incoming.method,
      path: incoming.path.slice(BASE.length),
      slowMs: parts.slowMs,
      stopping: parts.stopping,
    });
    return perform(operation, { incoming, params, caller, progress });
  }

  async function perform(
    operation: Operation,
    call: {
      readonly incoming: Incoming;
      readonly params: RawCall['params'];
      readonly caller: Caller;
      readonly progress: Progress;
    },
  ): Promise<Reply> {
    const { incoming, params, caller, progress } = call;
    const text = operation.method === 'get' ? '' : await incoming.body();
    const body = operation.body ? parseJson(incoming, text) : undefined;
    const context = { ...parts.crm, caller, webhookRules: parts.webhookRules };
    const act = (): { status: number; body: string } => {
      const made = operation.run({ params, query: incoming.query, body }, context);
      return { status: operation.status, body: operation.reply ? JSON.stringify(made) : '' };
    };
    const key = operation.method === 'post' ? idempotencyKeyOf(incoming) : null;
    const { method, path } = incoming;
    const reply =
      key === null
        ? { ...act(), isRepeated: false }
        : withIdempotencyKey(parts.store.state, { owner: caller.owner, key, method, path, body: text }, act);
    progress.isRepeated = reply.isRepeated;
    // A caller that hears of a change finds it after a restart.
    if (operation.method !== 'get') await parts.store.save();
    const headers = { ...progress.headers, ...(reply.isRepeated ? { 'Idempotent-Replayed': 'true' } : {}) };
    return json(reply.status, reply.body, headers);
  }

  return async (incoming) => {
    if (incoming.path === `${BASE}/openapi.json`) return json(200, document);
    const progress: Progress = { caller: null, headers: {}, isRepeated: false };
    const reply = await answer(incoming, progress).catch((cause: unknown) => {
      if (!(cause instanceof Problem)) throw cause;
      return refusal(cause, progress.headers);
    });
    parts.log.add({
      at: nextMoment(parts.store.state),
      method: incoming.method,
      path: incoming.path,
      status: reply.status,
      caller: progress.caller?.person?.name ?? progress.caller?.clientId ?? null,
      idempotencyKey: idempotencyKeyOf(incoming),
      isRepeated: progress.isRepeated,
    });
    return reply;
  };
}

function findOperation({ method, path }: Incoming): {
  readonly operation: Operation;
  readonly params: RawCall['params'];
} {
  const matches = OPERATIONS.flatMap((operation) => {
    const params = matchPath(`${BASE}${operation.path}`, path);
    return params ? [{ operation, params }] : [];
  });
  const found = matches.find(({ operation }) => operation.method === method.toLowerCase());
  if (found) return found;
  if (matches.length === 0) throw notFound('path');
  const allowed = matches.map(({ operation }) => operation.method.toUpperCase()).join(', ');
  throw new Problem(405, 'method_not_allowed', `Here are ${allowed}.`, { headers: { Allow: allowed } });
}

/** `/contacts/{id}` against `/contacts/con_1`. */
function matchPath(template: string, path: string): Record<string, string> | null {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{') && value !== '') params[part.slice(1, -1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

function requireScope({ scope }: Operation, caller: Caller): void {
  if (scope === null || caller.scopes.has(scope)) return;
  throw new Problem(403, 'missing_scope', `The access token lacks the scope ${scope}.`, {
    headers: { 'WWW-Authenticate': `Bearer realm="Acme", error="insufficient_scope", scope="${scope}"` },
  });
}

function parseJson({ headers }: Incoming, text: string): unknown {
  if (!headers['content-type']?.startsWith('application/json'))
    throw new Problem(415, 'unsupported_media_type', 'Send the body as application/json.');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem(400, 'invalid_json', 'The body is not JSON.');
  }
}

function idempotencyKeyOf({ headers }: Incoming): string | null {
  return headers['idempotency-key']?.toString() || null;
}

function refusal(problem: Problem, headers: Readonly<Record<string, string>>): Reply {
  const { code, message, fields } = problem;
  const error = { code, message, ...(fields.length > 0 ? { fields } : {}) };
  return json(problem.status, JSON.stringify({ error }), { ...headers, ...problem.headers });
}

function json(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  // 204 has no body, so nothing to say of it.
  const type: Record<string, string> =
    body === '' ? {} : { 'Content-Type': 'application/json; charset=utf-8' };
  return { status, headers: { ...headers, ...type }, body };
}
