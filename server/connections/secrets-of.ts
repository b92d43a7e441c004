import type { OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { fieldMeta } from '#connectors/field-meta.ts';

/**
 * All but the fields that their connector shows, and what it keeps of the answer beside tokens: addresses, names and ids of accounts are
 * no secrets, and stand in many harmless places.
 */
export function secretsOf({
  connector,
  fields,
}: Pick<OpenConnection, 'connector' | 'fields'>): readonly string[] {
  const found = findConnector(connector);
  const shape = found?.connection?.shape ?? {};
  const isShown = (name: string) =>
    Object.hasOwn(shape, name)
      ? fieldMeta(shape[name]).secret !== true
      : Object.hasOwn(found?.oauth?.keep ?? {}, name);
  return Object.entries(fields).flatMap(([name, value]) => (isShown(name) ? [] : [value]));
}
