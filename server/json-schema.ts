import { Ajv } from 'ajv';
import { Ajv2020, type ErrorObject, type Options } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';

import type { JsonObject } from '#core/json.ts';

/** How a value breaks a schema, at one place of the value. */
export interface SchemaMismatch {
  /** Pointer into the value; empty for the value itself. */
  readonly pointer: string;
  readonly message: string;
  /** The keyword that failed, for example `required`. */
  readonly code: string;
}

/** Returns every mismatch; none for a value that fits. */
export type SchemaCheck = (value: unknown) => SchemaMismatch[];

/**
 * Compiles a user's JSON Schema, draft 2020-12 unless `$schema` names draft 7. Throws an Error whose message says what
 * is wrong with the schema: unknown keywords are allowed, references outside of it and patterns beyond RE2 are not.
 */
export function compileJsonSchema(schema: JsonObject): SchemaCheck {
  // An instance each: users' `$id`s must not meet, and nothing compiled may outlive its use.
  const ajv = String(schema['$schema'] ?? '').includes('draft-07') ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
  addFormats.default(ajv);
  if (schema['$async'] !== undefined) throw new Error('the schema must not be asynchronous ($async)');
  const validate = ajv.compile(schema);
  return (value) => (validate(value) === true ? [] : (validate.errors ?? []).map(toMismatch));
}

/** RE2 matches in linear time: a pattern from a user cannot stall the process. */
function linearRegExp(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = RE2JS.compile(pattern);
  // Ajv keeps one matcher for each `toString`.
  return { test: (text) => compiled.matcher(text).find(), toString: () => `/${pattern}/` };
}

const OPTIONS: Options = {
  allErrors: true,
  strict: false,
  logger: false,
  code: { regExp: Object.assign(linearRegExp, { code: 'linearRegExp' }) },
};

function toMismatch(error: ErrorObject): SchemaMismatch {
  return {
    pointer: error.instancePath,
    message: error.message ?? 'does not match the schema',
    code: error.keyword,
  };
}
