import type { Actor } from '#server/auth/actor.ts';

/** An API key that may operate a workspace, as bulk actions are begun by. */
export function nightShift(workspaceId: string): Actor {
  return {
    kind: 'api_key',
    id: 'b2c1f0de-0000-4000-8000-000000000001',
    userId: null,
    name: 'night shift',
    workspaceId,
    role: 'operator',
    address: '127.0.0.1',
  };
}
