import pg from 'pg';

import type { Site } from './use-site.ts';

/** Writes to the site's database behind the product's back. */
export async function withDatabase(site: Site, sql: string, values: readonly unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: site.product.databaseUrl });
  await client.connect();
  try {
    await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}
