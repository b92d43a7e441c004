import { z } from 'zod';

import type { ActionDef, Decision, HandlerResult, Question, StepContext } from '#connectors/contract.ts';
import { roleSchema } from '#core/api/common.ts';
import type { Json } from '#core/json.ts';

const approvers = z
  .strictObject({
    role: roleSchema
      .optional()
      .meta({ title: 'Role', help: 'Everyone who has this role or a higher one may decide.' }),
    emails: z
      .array(z.string().max(254).meta({ title: 'E-mail address', placeholder: 'ada@example.com' }))
      .min(1)
      .max(50)
      .optional()
      .meta({
        title: 'E-mail addresses',
        help: 'Members sign in or use the link in their mail; others use the link.',
        widget: 'list',
      }),
  })
  .refine(({ role, emails }) => (role === undefined) !== (emails === undefined), {
    error: 'give either a role or e-mail addresses',
  });

/** Settings of `core.approval`. */
export const approvalInput = z.strictObject({
  question: z.string().trim().min(1).max(2_000).meta({
    title: 'Question',
    help: 'What is to be decided, with all that is needed to decide it.',
    placeholder: 'Send order 1042 over 12,000 € to production?',
    widget: 'textarea',
  }),
  approvers: approvers.meta({
    title: 'Who decides',
    help: 'A role or e-mail addresses. The first decision counts. Owners and admins may always decide.',
    widget: 'either',
  }),
  timeoutSeconds: z.number().positive().max(31_536_000).optional().meta({
    title: 'Expires after',
    help: 'Seconds after which the step goes on by its port “expired”. Empty: it waits as long as the run may take.',
    widget: 'number',
  }),
});

export const approval: ActionDef = {
  kind: 'action',
  id: 'approval',
  version: 1,
  label: 'Approval',
  summary: 'Asks people and goes on with their decision.',
  icon: 'user-round',
  effect: 'keyed',
  canWait: true,
  input: approvalInput,
  output: z.object({
    decision: z.enum(['approved', 'rejected', 'expired']),
    by: z.string().nullable(),
    at: z.string(),
    comment: z.string().nullable(),
  }),
  sample: {
    decision: 'approved',
    by: 'ada@example.com',
    at: '2026-01-15T09:30:00.000Z',
    comment: 'Looks good.',
  },
  outputs: ['approved', 'rejected', 'expired'],
  initialConfig: { question: '', approvers: { role: 'operator' } },
};

/** Asks, waits, and follows the port of the decision; at its time, that of whatever the approval's row says by then. */
export async function askForApproval(
  { question, approvers, timeoutSeconds }: z.output<typeof approvalInput>,
  { now, resumed, services }: StepContext,
): Promise<HandlerResult> {
  if (!resumed) {
    const expiresAt = timeoutSeconds === undefined ? null : now + Math.ceil(timeoutSeconds * 1_000);
    const { approvalId } = await services.ask({ question, approvers: approversOf(approvers), expiresAt });
    return { suspend: { for: 'approval', until: expiresAt, state: { approvalId } } };
  }
  const told = resumed.signal as unknown as Decision | null;
  const { approvalId } = resumed.state as { approvalId: string };
  const decided = told ?? (await services.expire(approvalId));
  if (decided) {
    const { decision, by, at, comment } = decided;
    return { output: { decision, by, at, comment } satisfies Json, ports: [decision] };
  }
  const output = { decision: 'expired', by: null, at: new Date(now).toISOString(), comment: null };
  return { output, ports: ['expired'] };
}

function approversOf({ role, emails }: z.output<typeof approvers>): Question['approvers'] {
  return emails === undefined ? { role: role ?? 'admin' } : { emails };
}
