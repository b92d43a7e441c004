import type pg from 'pg';

/** Keeps the flow from being deleted until the transaction ends; false when it is gone already. */
export async function holdFlow(client: pg.ClientBase, flowId: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM flow WHERE id = $1 FOR KEY SHARE', [flowId]);
  return rowCount === 1;
}
