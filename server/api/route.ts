import type { z } from 'zod';

import type { Action } from '#server/auth/authorize.ts';
import type { Actor } from '#server/auth/actor.ts';

/** What a route answers. `body` undefined sends no content; `stream` sends server-sent events. */
export interface RouteReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly stream?: ReadableStream<Uint8Array>;
}

export interface RouteRequest<P, Q, B> {
  readonly actor: Actor;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: Headers;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/**
 * One call of the REST API: the only place where its path, schemas, right and handler are declared.
 * Dispatch, validation, the OpenAPI document and the authorisation matrix in the tests derive from it.
 */
export interface Route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly path: string;
  /** camelCase, unique: the OpenAPI operationId. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What `authorize` is asked before the handler runs. */
  readonly action: Action;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** What the reference shows as the body where `body` leaves the check to the handler, which lists every fault itself. */
  readonly documentedBody?: z.ZodType;
  /** Headers that the handler reads, with what they mean. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** The largest body in bytes. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  readonly replies: Readonly<
    Record<
      number,
      {
        readonly description: string;
        readonly schema?: z.ZodType;
        readonly contentType?: string;
        readonly headers?: readonly string[];
      }
    >
  >;
  handle(request: RouteRequest<z.output<P>, z.output<Q>, z.output<B>>): Promise<RouteReply>;
}

/** Fixes the types of a route; forgets them for the table. */
export function defineRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  route: Route<P, Q, B>,
): Route {
  return route;
}
