import { findConnector } from '#connectors/definitions.ts';

/** `Acme`, `Signing secret`. */
export function needInWords(connector: string): string {
  return findConnector(connector)?.label ?? connector;
}
