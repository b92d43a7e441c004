import type { Person } from '#sandbox/people.ts';

/** Something that an app may be allowed to do. */
export interface Scope {
  readonly name: string;
  /** For the consent page. */
  readonly words: string;
  /** Only somebody who may write can grant it. */
  readonly writes: boolean;
}

/** Every scope that Acme knows, in the order of the consent page. */
export const SCOPES: readonly Scope[] = [
  { name: 'contacts:read', words: 'See contacts', writes: false },
  { name: 'contacts:write', words: 'Add and change contacts', writes: true },
  { name: 'deals:read', words: 'See deals and pipelines', writes: false },
  { name: 'deals:write', words: 'Add and change deals', writes: true },
  { name: 'webhooks:manage', words: 'Be told when contacts or deals change', writes: true },
  { name: 'offline_access', words: 'Stay connected while you are away', writes: false },
];

/** What a client may ask for without a person. */
export const MACHINE_SCOPES: readonly string[] = SCOPES.map((scope) => scope.name).filter(
  (name) => name !== 'offline_access',
);

export function mayGrant(person: Person, scope: Scope): boolean {
  return person.mayWrite || !scope.writes;
}
