import { z } from 'zod';

import type { Question } from '#connectors/contract.ts';
import { roleSchema, type Role } from '#core/api/common.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { Actor } from '#server/auth/actor.ts';
import { mayGrant } from '#server/auth/authorize.ts';
import { parseEmail } from '#server/auth/parse-email.ts';

const storedSchema = z.object({ emails: z.array(z.string()), role: roleSchema.nullable() });

/** Who may decide, as an approval's row keeps it: those with one of the addresses, or with the role. */
export type Approvers = z.output<typeof storedSchema>;

export function storedApprovers(value: unknown): Approvers {
  return storedSchema.parse(value);
}

/** Throws `StepFailure` (`invalid_approver`) for what is no address or no role. */
export function approversOf(asked: Question['approvers']): Approvers {
  if ('role' in asked) {
    const role = roleSchema.safeParse(asked.role);
    if (!role.success)
      throw invalid(`“${asked.role}” is no role. Choose one of ${roleSchema.options.join(', ')}.`);
    return { emails: [], role: role.data };
  }
  const emails = asked.emails.map((text) => {
    const email = parseEmail(text);
    if (email === null) throw invalid(`“${text.slice(0, 100)}” is no e-mail address.`);
    return email;
  });
  if (emails.length === 0) throw invalid('Nobody is asked: the list of e-mail addresses is empty.');
  return { emails: [...new Set(emails)], role: null };
}

/** Owners and admins always; people who are asked by name, whatever their role; people and keys with the role or a higher one. */
export function mayDecide(actor: Actor, approvers: Approvers): boolean {
  if (actor.role === 'owner' || actor.role === 'admin') return true;
  if (approvers.role !== null) return hasRole(actor.role, approvers.role);
  const email = actor.kind === 'user' ? parseEmail(actor.name) : null;
  return email !== null && approvers.emails.includes(email);
}

/** `role` is the wanted one or mightier. */
function hasRole(role: Role, wanted: Role): boolean {
  return mayGrant(role, wanted);
}

function invalid(message: string): StepFailure {
  return new StepFailure({
    kind: 'invalid',
    code: 'invalid_approver',
    message,
    pointer: '/config/approvers',
  });
}
