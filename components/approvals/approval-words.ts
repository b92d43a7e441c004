import type { BadgeTone } from '#components/ui/badge.tsx';
import type { Approval } from '#core/api/approvals.ts';

/** How each state of a question is called and coloured. */
export const APPROVAL_LOOK: Readonly<
  Record<Approval['status'], { readonly label: string; readonly tone: BadgeTone }>
> = {
  open: { label: 'Open', tone: 'warning' },
  approved: { label: 'Approved', tone: 'success' },
  rejected: { label: 'Rejected', tone: 'danger' },
  expired: { label: 'Expired', tone: 'neutral' },
  cancelled: { label: 'Withdrawn', tone: 'neutral' },
};

/** `everyone with the role admin`, `ada@example.com and grace@example.com`, `ada@example.com and 3 others`. */
export function approversInWords({ emails, role }: Approval['approvers']): string {
  if (role !== null) return `everyone with the role ${role} or a higher one`;
  const [first, second, ...others] = emails;
  if (first === undefined) return 'owners and admins';
  if (second === undefined) return first;
  return others.length === 0 ? `${first} and ${second}` : `${first} and ${others.length + 1} others`;
}
