import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { keyColumns } from '#server/connections/replace-fields.ts';
import { openFields, sealFields, type RecordPlace } from '#server/vault/sealed-record.ts';

const targetSchema = z.strictObject({ url: z.string(), signingSecret: z.string().optional() });
/** Where a channel's calls go, and what they are signed with. */
export type ChannelTarget = z.output<typeof targetSchema>;

/** The columns in which a channel's row keeps its target: sealed, but for the host. */
export function targetColumns(place: RecordPlace, target: ChannelTarget) {
  const sealed = sealFields(place, { target: JSON.stringify(target) });
  return {
    ...keyColumns(sealed),
    target: new Uint8Array(sealed.fields.get('target')!),
    host: new URL(target.url).host,
  };
}

/** Opens what `targetColumns` made; null for a channel that has none. Throws `VaultError`. */
export function openTarget(
  place: RecordPlace,
  row: {
    readonly wrappedKey: Uint8Array | null;
    readonly keyVersion: number | null;
    readonly target: Uint8Array | null;
  },
): ChannelTarget | null {
  const { wrappedKey, keyVersion, target } = row;
  if (wrappedKey === null || keyVersion === null || target === null) return null;
  const opened = openFields(place, { wrappedKey, keyVersion, fields: new Map([['target', target]]) });
  return targetSchema.parse(JSON.parse(opened['target'] ?? ''));
}

/** A new secret in the form that Standard Webhooks gives it. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
