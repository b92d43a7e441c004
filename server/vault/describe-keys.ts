import type pg from 'pg';

import type { KeyRing } from '#server/vault/key-ring.ts';
import { countSealed, type SealedTable } from '#server/vault/sealed-tables.ts';

/** Which records are under which master key. Keys are named by eight hexadecimal digits, derived from them. */
export interface KeyReport {
  readonly current: string;
  readonly previous: string | null;
  readonly tables: readonly {
    readonly table: SealedTable;
    readonly current: number;
    readonly previous: number;
    /** Under a key that is not at hand. */
    readonly strange: number;
  }[];
}

export async function describeKeys(pool: pg.Pool, { current, previous }: KeyRing): Promise<KeyReport> {
  const counts = await countSealed(pool);
  const tables = [...new Set(counts.map(({ table }) => table))].map((table) => {
    const under = (fits: (version: number) => boolean) =>
      counts
        .filter((count) => count.table === table && fits(count.keyVersion))
        .reduce((sum, { records }) => sum + records, 0);
    return {
      table,
      current: under((version) => version === current.version),
      previous: under((version) => version !== current.version && version === previous?.version),
      strange: under((version) => version !== current.version && version !== previous?.version),
    };
  });
  return { current: keyName(current.version), previous: previous && keyName(previous.version), tables };
}

/** How people tell keys apart; says nothing of the key itself. */
export function keyName(version: number): string {
  return version.toString(16).padStart(8, '0');
}
