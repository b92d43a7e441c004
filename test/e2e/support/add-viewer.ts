import { query } from '#test/support/query.ts';

import type { Site } from './use-site.ts';

/** Adds somebody with the role viewer, who has the owner's password, and returns their address. */
export async function addViewer({ product }: Site): Promise<string> {
  const email = 'viewer@example.com';
  await query(
    product.databaseUrl,
    `with viewer as (
       insert into "user" (id, email, name, password_hash)
       select gen_random_uuid(), $1, 'Vera', password_hash from "user" limit 1 returning id)
     insert into membership (workspace_id, user_id, role)
     select workspace.id, viewer.id, 'viewer' from workspace, viewer`,
    [email],
  );
  return email;
}
