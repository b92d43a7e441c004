import { randomUUID } from 'node:crypto';

import { prisma } from '#server/db/prisma.ts';
import { sealFields } from '#server/vault/sealed-record.ts';

/** Stores a connection as it is after a consent, tokens among its fields, which no call of the API sets. */
export async function makeConnection(
  workspaceId: string,
  {
    slug,
    connector,
    fields,
  }: { readonly slug: string; readonly connector: string; readonly fields: Readonly<Record<string, string>> },
): Promise<void> {
  const id = randomUUID();
  const { wrappedKey, keyVersion, fields: sealed } = sealFields({ workspaceId, recordId: id }, fields);
  const row = {
    id,
    workspaceId,
    slug,
    connector,
    name: slug,
    keyVersion,
    wrappedKey: new Uint8Array(wrappedKey),
  };
  await prisma().connection.create({
    data: {
      ...row,
      fields: { create: [...sealed].map(([name, bytes]) => ({ name, sealed: new Uint8Array(bytes) })) },
    },
  });
}
