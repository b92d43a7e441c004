import type pg from 'pg';

/**
 * Addresses of those who can see to a connection: the member whose it is, and owners and admins of its workspace, unless that member
 * keeps it to themselves.
 */
export async function selectConnectionPeople(client: pg.ClientBase, connectionId: string): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(
    `select u.email from connection c join membership m on m.workspace_id = c.workspace_id
       join "user" u on u.id = m.user_id
     where c.id = $1 and u.disabled_at is null and (m.user_id = c.owner_id or m.role in ('owner', 'admin') and (c.is_shared or c.owner_id is null))
     order by u.email`,
    [connectionId],
  );
  return rows.map(({ email }) => email);
}

/** The slugs of the flows whose published version uses a connection. */
export async function selectPublishedUsers(
  client: pg.ClientBase,
  workspaceId: string,
  connection: string,
): Promise<string[]> {
  const { rows } = await client.query<{ slug: string }>(
    `select f.slug from flow f join flow_version v on v.flow_id = f.id and v.number = f.published_version
     where f.workspace_id = $1 and exists (
       select from json_array_elements(v.document -> 'nodes') node where node ->> 'connection' = $2)
     order by f.slug`,
    [workspaceId, connection],
  );
  return rows.map(({ slug }) => slug);
}
