import { z } from 'zod';

import { check } from '#sandbox/check.ts';
import type { Crm } from '#sandbox/crm/crm.ts';
import type { WebhookRules } from '#sandbox/events/webhooks.ts';
import type { Caller } from '#sandbox/oauth/find-caller.ts';

/** What an operation works with. */
export interface ApiContext extends Crm {
  readonly caller: Caller;
  readonly webhookRules: WebhookRules;
}

/** The parts of a request, as they arrived. */
export interface RawCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when the operation takes none. */
  readonly body: unknown;
}

type Method = 'get' | 'post' | 'patch' | 'delete';

/** One call of the API. Dispatch, checks and the OpenAPI document are made of it. */
export interface Operation {
  readonly id: string;
  readonly method: Method;
  /** Below `/api/v1`: `/contacts/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** Null: any valid token will do. */
  readonly scope: string | null;
  readonly query: z.ZodObject;
  /** Null: no body is read. */
  readonly body: z.ZodType | null;
  readonly status: 200 | 201 | 204;
  readonly reply: z.ZodType | null;
  /** It refuses with 409 what collides with something else, or does not fit any more. */
  readonly mayConflict: boolean;
  /** Checks the parts and does it. Throws a `Problem`. */
  run(call: RawCall, context: ApiContext): unknown;
}

interface Spec<Query extends z.ZodObject, Body extends z.ZodType | null> {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly scope: string | null;
  readonly query?: Query;
  readonly body: Body;
  readonly status?: 200 | 201 | 204;
  readonly reply: z.ZodType | null;
  readonly mayConflict?: boolean;
  run(
    call: {
      /** The `{id}` of the path; empty when there is none. */
      readonly id: string;
      readonly query: z.output<Query>;
      readonly body: Body extends z.ZodType ? z.output<Body> : undefined;
    },
    context: ApiContext,
  ): unknown;
}

const NO_QUERY = z.strictObject({});

/** Fixes the types of one operation; `run` receives what was checked. */
export function operation<Body extends z.ZodType | null, Query extends z.ZodObject = typeof NO_QUERY>(
  spec: Spec<Query, Body>,
): Operation {
  const query: z.ZodObject = spec.query ?? NO_QUERY;
  return {
    ...spec,
    tag: spec.path.split('/')[1] ?? '',
    query,
    status: spec.status ?? 200,
    mayConflict: spec.mayConflict ?? false,
    run: (call, context) =>
      spec.run(
        {
          id: call.params['id'] ?? '',
          query: check(query, Object.fromEntries(call.query)) as z.output<Query>,
          body: (spec.body ? check(spec.body, call.body) : undefined) as never,
        },
        context,
      ),
  };
}
