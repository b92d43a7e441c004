import { ledgerSchema } from '#core/api/ledger.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { readLedger } from '#server/ledger/read-ledger.ts';

export const ledgerRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/ledger',
    id: 'readLedger',
    tag: 'Ledger',
    summary: 'Whether everything that was accepted is accounted for',
    description:
      'For every flow that the workspace has or had, out of one snapshot: what was accepted, counted on its own when it was, held against the runs of every status, the quarantined events and the duplicates. And what is wrong with the rows themselves.',
    action: 'run:read',
    replies: { 200: { description: 'The ledger.', schema: ledgerSchema } },
    handle: async ({ actor }) => ({ status: 200, body: await readLedger(actor.workspaceId) }),
  }),
];
