import type pg from 'pg';

/** A mail to be sent, in plain text. */
export interface NewEmail {
  readonly id: string;
  readonly workspaceId: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
}

/** A mail that this worker has taken on. */
export interface DueEmail extends NewEmail {
  /** This attempt included. */
  readonly attempts: number;
}

/** Puts mails into the outbox, in the client's transaction: they go out if it commits. */
export async function insertEmails(client: pg.ClientBase, emails: readonly NewEmail[]): Promise<void> {
  if (emails.length === 0) return;
  await client.query(
    `insert into email (id, workspace_id, recipient, subject, body)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])`,
    [
      emails.map(({ id }) => id),
      emails.map(({ workspaceId }) => workspaceId),
      emails.map(({ recipient }) => recipient),
      emails.map(({ subject }) => subject),
      emails.map(({ body }) => body),
    ],
  );
}

/** Takes due mails on for the next `leaseSeconds`; a worker that dies with them leaves them to the next. */
export async function takeEmails(
  pool: pg.Pool,
  { limit, leaseSeconds }: { readonly limit: number; readonly leaseSeconds: number },
): Promise<DueEmail[]> {
  const { rows } = await pool.query<DueEmail>({
    name: 'take_emails',
    text: `
      with due as (
        select id from email where next_attempt_at <= now() order by next_attempt_at limit $1 for update skip locked)
      update email set attempts = attempts + 1, next_attempt_at = now() + $2 * interval '1 second'
      from due where email.id = due.id
      returning email.id, workspace_id as "workspaceId", recipient, subject, body, attempts`,
    values: [limit, leaseSeconds],
  });
  return rows;
}

/** The text goes: it holds a link that decides. */
export async function markEmailSent(pool: pg.Pool, id: string): Promise<void> {
  await pool.query(
    `update email set sent_at = now(), next_attempt_at = null, error = null, body = '' where id = $1`,
    [id],
  );
}

/** @param retrySeconds null gives the mail up. */
export async function markEmailFailed(
  pool: pg.Pool,
  id: string,
  failure: { readonly error: string; readonly retrySeconds: number | null },
): Promise<void> {
  await pool.query(
    `update email set error = $2, next_attempt_at = now() + $3 * interval '1 second',
       body = case when $3::float8 is null then '' else body end
     where id = $1`,
    [id, failure.error, failure.retrySeconds],
  );
}
