import type { Role } from '#core/api/common.ts';

/** Who acts, in which workspace, with which role. Built by `server/auth` from a session or an API key, never from a request's body. */
export interface Actor {
  readonly kind: 'user' | 'api_key';
  /** Id of the user or of the key. */
  readonly id: string;
  readonly userId: string | null;
  /** For people and audit entries: the user's e-mail or the key's name. */
  readonly name: string;
  readonly workspaceId: string;
  readonly role: Role;
  /** The caller's network address. */
  readonly address: string;
  /** The signed-in browser, when there is one. */
  readonly sessionId?: string;
}
