import type pg from 'pg';

import { findConnector } from '#connectors/definitions.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { env } from '#server/env.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import { selectConnectionPeople, selectPublishedUsers } from '#server/sql/connection-people.ts';
import { insertEmails } from '#server/sql/emails.ts';

export interface TroubledConnection {
  readonly id: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly connector: string;
  /** `reconnect`: its consent has ended. Else its OAuth app is refused. */
  readonly status: string;
  /** Why, in plain words. */
  readonly message: string;
}

/**
 * Mails the member whose connection it is, and the owners and admins of the workspace where it is not that member's alone, that a
 * connection needs somebody, in the client's transaction. Without SMTP, nobody.
 */
export async function mailConnection(client: pg.ClientBase, connection: TroubledConnection): Promise<void> {
  if (mailSettings() === null) return;
  const { id, workspaceId, slug, status } = connection;
  const recipients = await selectConnectionPeople(client, id);
  const flows = await selectPublishedUsers(client, workspaceId, slug);
  const what = status === 'reconnect' ? 'must be reconnected' : 'cannot be renewed';
  await insertEmails(
    client,
    recipients.map((recipient) => ({
      ...{ id: uuidv7(), workspaceId, recipient },
      subject: `Patchbay: the connection ${slug} ${what}`,
      body: bodyOf(connection, flows),
    })),
  );
}

function bodyOf({ slug, connector, status, message }: TroubledConnection, flows: readonly string[]): string {
  const label = findConnector(connector)?.label ?? connector;
  const isEnded = status === 'reconnect';
  return `The connection ${slug} to ${label} ${isEnded ? 'must be reconnected' : 'cannot be renewed'}:

${message}

${
  flows.length === 0
    ? 'No published flow uses it.'
    : `Published flows that use it:\n${flows.map((flow) => `- ${flow}`).join('\n')}\n\n${waiting(isEnded)}`
}

${isEnded ? 'Reconnect it here' : 'See the connection, and the OAuth app, here'}:
${env().publicUrl}/connections

You get no further mail about this until the connection has worked again.
`;
}

function waiting(isEnded: boolean): string {
  return isEnded
    ? 'Their runs wait at the steps that use it; nothing is lost. They go on by themselves as soon as it is reconnected.'
    : 'As soon as its present token has ended, their runs wait at the steps that use it; nothing is lost. They go on by themselves once it can be renewed.';
}
