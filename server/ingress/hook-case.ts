import type { Json, JsonObject } from '#core/json.ts';
import type { Hook, PublishedHook } from '#server/ingress/find-hook.ts';
import type { HookRequest } from '#server/ingress/hook-request.ts';

/** A request whose body is here, and the hook that it is judged by. */
export interface HookCase {
  readonly hook: Hook;
  readonly published: PublishedHook;
  readonly request: HookRequest;
  /** The bytes as they came. */
  readonly body: Buffer;
}

/** The parts of an event that expressions, schema and storage share; the parsed ones are made when first asked for. */
export interface EventParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly trigger: () => JsonObject;
  readonly body: () => Json;
}
