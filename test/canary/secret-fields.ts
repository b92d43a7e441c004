import type { ConnectorDef } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import { fieldMeta } from '#connectors/field-meta.ts';
import { APP_EVENT_SOURCES } from '#connectors/trigger-handlers.ts';
import type { Canaries } from './canaries.ts';

/** Kinds with consent, or with an account that can be asked for: those of vendors. */
export const APP_KINDS: readonly ConnectorDef[] = CONNECTORS.filter(
  ({ oauth, account }) => oauth !== undefined || account !== undefined,
);
/** All others. */
export const SERVED_KINDS: readonly ConnectorDef[] = CONNECTORS.filter((kind) => !APP_KINDS.includes(kind));

/** Of these kinds, the secrets for which no canary was made: `<connector>.<field>`. */
export function fieldsWithout(canaries: Canaries, kinds: readonly ConnectorDef[]): readonly string[] {
  const names = canaries.all.map(({ name }) => name);
  const has = (field: string) =>
    names.some((name) => name === field || name.startsWith(`${field} `) || name.startsWith(`${field},`));
  return kinds.flatMap(secretsOf).filter((field) => !has(field));
}

/** The registry is the one list: a secret that comes new is missed here. */
function secretsOf({ id, connection, oauth, callAuth }: ConnectorDef): readonly string[] {
  const fields = Object.entries(connection?.shape ?? {}).flatMap(([name, field]) =>
    fieldMeta(field).secret === true ? [name] : [],
  );
  const shown = callAuth && 'field' in callAuth ? [callAuth.field] : [];
  const tokens = oauth
    ? ['accessToken', ...(oauth.grant === 'authorization_code' ? ['refreshToken'] : [])]
    : [];
  const client = oauth ? [oauth.clientFields?.secret ?? 'OAuth app'] : [];
  const isSigned = APP_EVENT_SOURCES.some(
    ({ connector, secret }) => connector === id && secret === 'entered',
  );
  return [...new Set([...fields, ...shown, ...tokens, ...client, ...(isSigned ? ['app hook'] : [])])].map(
    (name) => `${id}.${name}`,
  );
}
