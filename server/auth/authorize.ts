import { roleSchema, type Role } from '#core/api/common.ts';
import type { Actor } from '#server/auth/actor.ts';
import { notFound, ProblemError } from '#server/problem.ts';

/** Everything that a right is needed for. A route, a page and a server function each name one. */
export type Action =
  | 'self:read'
  | 'self:manage'
  | 'workspace:read'
  | 'catalog:read'
  | 'flow:read'
  | 'flow:edit'
  | 'flow:publish'
  | 'flow:delete'
  | 'run:read'
  | 'run:start'
  | 'run:cancel'
  | 'run:replay'
  | 'run:resolve'
  | 'approval:read'
  | 'approval:decide'
  | 'connection:read'
  | 'connection:use'
  | 'connection:manage'
  | 'alert:read'
  | 'alert:manage'
  | 'api_key:read'
  | 'api_key:manage'
  | 'audit:read'
  | 'retention:manage'
  | 'system:read'
  | 'member:read'
  | 'member:manage'
  | 'workspace:manage';

const ALL: readonly Role[] = ['owner', 'admin', 'editor', 'operator', 'viewer'];
const OPERATORS: readonly Role[] = ['owner', 'admin', 'editor', 'operator'];
const EDITORS: readonly Role[] = ['owner', 'admin', 'editor'];
const ADMINS: readonly Role[] = ['owner', 'admin'];

/** Who may do what. An action that is missing here does not compile; a role that is missing in a row may not. */
const RIGHTS: Readonly<Record<Action, readonly Role[]>> = {
  'self:read': ALL,
  'self:manage': ALL,
  'workspace:read': ALL,
  'catalog:read': ALL,
  'flow:read': ALL,
  'run:read': ALL,
  'connection:read': ALL,
  'member:read': ALL,
  'approval:read': ALL,
  'alert:read': ALL,
  // Being asked is the right: `mayDecide` has the last word on each.
  'approval:decide': ALL,

  'run:start': OPERATORS,
  'run:cancel': OPERATORS,
  'run:replay': OPERATORS,
  'run:resolve': OPERATORS,

  'flow:edit': EDITORS,
  'flow:publish': EDITORS,
  'flow:delete': EDITORS,
  'connection:use': EDITORS,

  'connection:manage': ADMINS,
  'alert:manage': ADMINS,
  'api_key:read': ADMINS,
  'api_key:manage': ADMINS,
  'audit:read': ADMINS,
  'retention:manage': ADMINS,
  'member:manage': ADMINS,

  'workspace:manage': ['owner'],
  'system:read': ['owner'],
};

/**
 * The one decision about rights. Throws a problem: 404 when the resource belongs to another workspace (its existence
 * is nobody's business), 403 when the actor's role lacks the right.
 */
export function authorize(actor: Actor, action: Action, resource?: { readonly workspaceId: string }): void {
  if (resource && resource.workspaceId !== actor.workspaceId) throw notFound('such thing in this workspace');
  if (can(actor.role, action)) return;
  throw new ProblemError({
    status: 403,
    code: 'forbidden',
    title: 'Not allowed',
    detail: `Your role, ${actor.role}, may not do this (${action}). It takes ${rolesInWords(action)}.`,
  });
}

/** True when a role has a right: for buttons that are shown or not. It never replaces `authorize`. */
export function can(role: Role, action: Action): boolean {
  return RIGHTS[action].includes(role);
}

/** True when `role` may hand out `other`: nobody gives more than they have. */
export function mayGrant(role: Role, other: Role): boolean {
  return rank(other) >= rank(role);
}

/** Every action, for the tests' matrix. */
export const ACTIONS = Object.keys(RIGHTS) as readonly Action[];

/** 0 is the mightiest; `roleSchema` lists them in that order. */
function rank(role: Role): number {
  return roleSchema.options.indexOf(role);
}

function rolesInWords(action: Action): string {
  const weakest = RIGHTS[action].at(-1) ?? 'owner';
  return weakest === 'owner' ? 'the owner' : `the role ${weakest} or a higher one`;
}
