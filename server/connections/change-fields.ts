import { checkFields, mergeFields, type FieldChanges } from '#server/connections/connection-fields.ts';
import { sealedOf, type StoredConnection } from '#server/connections/find-connection.ts';
import { isSamePlace } from '#server/connections/place-of-tokens.ts';
import { replaceFields } from '#server/connections/replace-fields.ts';
import { tokensOf, withoutTokens } from '#server/connections/token-fields.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { forgetTokens } from '#server/oauth/forget-tokens.ts';
import { takeTokens, type TakenTokens } from '#server/oauth/give-back.ts';
import { openFields, sealFields } from '#server/vault/sealed-record.ts';

/** What a change of fields did to the tokens. */
export interface ChangedFields {
  /** False where they were for another place than the fields now name: the account has to be connected again. */
  readonly keepsTokens: boolean;
  /** What is to be given back for that, once it is committed. */
  readonly taken: TakenTokens | null;
}

/** Replaces the named fields of a held connection and leaves the others. Throws 422 with every fault. The record gets a fresh data key. */
export async function changeFields(
  tx: Transaction,
  row: StoredConnection,
  changes: FieldChanges,
): Promise<ChangedFields> {
  const { connector } = row;
  const { place, record } = sealedOf(row);
  const stored = openFields(place, record);
  const before = withoutTokens(connector, stored);
  const fields = checkFields(connector, mergeFields(before, changes));
  if (isSamePlace(connector, before, fields)) {
    await replaceFields(tx, row.id, sealFields(place, { ...tokensOf(connector, stored), ...fields }));
    return { keepsTokens: true, taken: null };
  }
  const taken = await takeTokens(tx, row);
  await replaceFields(tx, row.id, sealFields(place, fields));
  await forgetTokens(tx, row.id);
  return { keepsTokens: false, taken };
}
