import type { Crm } from '#sandbox/crm/crm.ts';
import type { Contact, ContactInput, ContactPatch } from '#sandbox/crm/schemas.ts';
import { newId } from '#sandbox/new-id.ts';
import { notFound, Problem } from '#sandbox/problem.ts';
import { nextMoment } from '#sandbox/state/state.ts';

const MOST_CONTACTS = 2_000;

/** Adds a contact and tells who listens. Throws a `Problem`: 409 when the address is somebody's, or Acme is full. */
export function createContact({ state, publish }: Crm, input: ContactInput): Contact {
  if (state.contacts.size >= MOST_CONTACTS) throw full('contacts', MOST_CONTACTS);
  refuseTakenEmail(state.contacts, input.email);
  const at = nextMoment(state);
  const contact: Contact = { id: newId('con'), ...input, createdAt: at, updatedAt: at };
  state.contacts.set(contact.id, contact);
  publish('contact.created', contact);
  return contact;
}

/** Changes what the patch names and tells who listens. Throws a `Problem`: 404, or 409 when the address is somebody's. */
export function updateContact({ state, publish }: Crm, id: string, patch: ContactPatch): Contact {
  const before = findContact(state, id);
  if (patch.email !== undefined) refuseTakenEmail(state.contacts, patch.email, id);
  const contact: Contact = { ...before, ...withoutGaps(patch), updatedAt: nextMoment(state) };
  state.contacts.set(id, contact);
  publish('contact.updated', contact);
  return contact;
}

/** Throws a `Problem` (404) when there is none. */
export function findContact({ contacts }: Crm['state'], id: string): Contact {
  const contact = contacts.get(id);
  if (!contact) throw notFound('contact');
  return contact;
}

/** The sandbox keeps all of it in one file. */
export function full(what: string, most: number): Problem {
  return new Problem(
    409,
    'sandbox_full',
    `The sandbox holds ${most} ${what} at most. Its Trouble page puts the sample data back.`,
  );
}

/** A field that a patch leaves out is not one that it empties. */
export function withoutGaps<T extends object>(patch: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as unknown as Partial<T>;
}

function refuseTakenEmail(contacts: ReadonlyMap<string, Contact>, email: string, except?: string): void {
  const wanted = email.toLowerCase();
  for (const contact of contacts.values())
    if (contact.id !== except && contact.email.toLowerCase() === wanted)
      throw new Problem(409, 'email_taken', `${contact.id} has this email address already.`, {
        fields: [{ field: 'email', message: 'is taken' }],
      });
}
