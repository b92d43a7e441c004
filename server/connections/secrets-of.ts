import type { OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { fieldMeta } from '#connectors/field-meta.ts';

/** All but the fields that their connector shows: addresses and names are no secrets, and stand in many harmless places. */
export function secretsOf({
  connector,
  fields,
}: Pick<OpenConnection, 'connector' | 'fields'>): readonly string[] {
  const shape = findConnector(connector)?.connection?.shape ?? {};
  const isShown = (name: string) => Object.hasOwn(shape, name) && fieldMeta(shape[name]).secret !== true;
  return Object.entries(fields).flatMap(([name, value]) => (isShown(name) ? [] : [value]));
}
