import { z } from 'zod';

import { CONNECTORS, findConnector } from '#connectors/definitions.ts';
import { jsonPointer } from '#core/fault.ts';
import { toFaults } from '#server/api/zod-faults.ts';
import { checkCredentials } from '#server/connections/check-credentials.ts';
import { ProblemError } from '#server/problem.ts';

/** Values by field name; null takes a field away. */
export type FieldChanges = Readonly<Record<string, string | null>>;

/**
 * Checks a connection's fields against its connector and fills in defaults. Throws a 422 problem that lists every
 * fault, and never repeats a value.
 */
export function checkFields(
  connector: string,
  fields: Readonly<Record<string, string>>,
): Record<string, string> {
  const found = findConnector(connector);
  const schema: z.ZodObject | undefined = found?.connection ?? (found?.oauth ? z.object({}) : undefined);
  if (!schema) throw unknownConnector(connector);
  const parsed = schema.strict().safeParse({ ...fields });
  if (!parsed.success) throw invalidFields(toFaults(parsed.error.issues, ['fields']));
  const texts = Object.entries(parsed.data).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const values = Object.fromEntries(texts);
  const faults = checkCredentials(connector, values);
  if (faults.length === 0) return values;
  throw invalidFields(
    faults.map(({ field, says }) => ({
      pointer: jsonPointer(['fields', field]),
      message: `“${field}” ${says}.`,
      code: 'unusable',
    })),
  );
}

/** The fields after a change, not yet checked. */
export function mergeFields(
  old: Readonly<Record<string, string>>,
  changes: FieldChanges,
): Record<string, string> {
  const merged = { ...old, ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

function unknownConnector(connector: string): ProblemError {
  const known = CONNECTORS.filter(({ connection, oauth }) => connection ?? oauth).map(({ id }) => id);
  const message = `There is no connector “${connector.slice(0, 100)}” that takes connections. There are: ${known.join(', ')}.`;
  return invalidFields([{ pointer: '/connector', message, code: 'unknown_connector' }]);
}

function invalidFields(errors: NonNullable<ProblemError['errors']>): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'invalid_connection',
    title: 'The connection is not valid',
    detail: errors.map(({ message }) => message).join(' '),
    errors,
  });
}
