import type pg from 'pg';

import type { Ledger } from '#core/api/ledger.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { env } from '#server/env.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import { insertEmails } from '#server/sql/emails.ts';
import { selectOwners } from '#server/sql/ledger-checks.ts';

/** Mails the owners of a workspace that its ledger does not add up, in the client's transaction. Without SMTP, nobody. */
export async function mailLedger(client: pg.ClientBase, workspaceId: string, ledger: Ledger): Promise<void> {
  if (mailSettings() === null) return;
  const owners = await selectOwners(client, workspaceId);
  await insertEmails(
    client,
    owners.map((recipient) => ({
      ...{ id: uuidv7(), workspaceId, recipient },
      subject: 'Patchbay: the ledger does not add up',
      body: bodyOf(ledger),
    })),
  );
}

function bodyOf({ workspace, faults, at }: Ledger): string {
  const runs = Object.values(workspace.runs).reduce((sum, count) => sum + count, 0);
  return `Patchbay holds what it accepted against what it has. At ${at} that did not add up:

accepted ${workspace.accepted} = ${runs} runs + ${workspace.removed} removed + ${workspace.quarantined} quarantined + ${workspace.deduplicated} duplicates (difference ${workspace.drift})

${faults.map(({ message, count }) => `- ${message} (${count})`).join('\n')}

Events may be missing or stuck. The ledger names the flows and runs:
${env().publicUrl}/ledger

You get no further mail about this until the ledger has added up again.
`;
}
