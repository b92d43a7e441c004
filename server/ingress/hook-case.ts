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
