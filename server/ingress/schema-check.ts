import { Ajv, type AnySchemaObject, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';

import { jsonPointer } from '#core/fault.ts';
import type { Json, JsonObject } from '#core/json.ts';

/** One way in which a body breaks its schema. */
export interface Mismatch {
  /** Into the body. */
  readonly pointer: string;
  readonly message: string;
}

/** What is wrong with a body; nothing when it matches. Stops at the first fault, so that a body cannot make it work for long. */
export type SchemaCheck = (body: Json) => readonly Mismatch[];

/** Compiles a JSON Schema: of the draft that `$schema` names, else 2020-12, else draft 7. A broken schema matches nothing. */
export function schemaCheck(schema: JsonObject): SchemaCheck {
  const validate = compile(schema);
  if (validate instanceof Error) {
    const message = `the schema itself is wrong: ${validate.message}`;
    return () => [{ pointer: '', message }];
  }
  return (body) => (validate(body) ? [] : (validate.errors ?? []).map(describe));
}

/** Linear-time expressions: the schema's author must not be able to stop the process with a pattern, by accident or not. */
function linearPattern(pattern: string): RE2JS {
  return RE2JS.compile(RE2JS.translateRegExp(pattern));
}
linearPattern.code = 'linearPattern';

const OPTIONS: Options = { strict: false, allErrors: false, logger: false, code: { regExp: linearPattern } };

function compile(schema: JsonObject): ValidateFunction | Error {
  const dialect = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  const isOld = /draft-0[4-7]/.test(dialect);
  // The dialect is chosen here; ajv would refuse a name that it does not know.
  const { $schema: _, ...rest } = schema;
  const first = tryCompile(isOld ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS), rest);
  return first instanceof Error && dialect === '' ? retryAsDraft7(rest, first) : first;
}

function retryAsDraft7(schema: AnySchemaObject, cause: Error): ValidateFunction | Error {
  const second = tryCompile(new Ajv(OPTIONS), schema);
  return second instanceof Error ? cause : second;
}

function tryCompile(ajv: Ajv, schema: AnySchemaObject): ValidateFunction | Error {
  try {
    addFormats.default(ajv);
    return ajv.compile(schema);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function describe({ instancePath, keyword, params, message }: ErrorObject): Mismatch {
  const extra = keyword === 'additionalProperties' ? jsonPointer([String(params['additionalProperty'])]) : '';
  return { pointer: instancePath + extra, message: message ?? 'does not match the schema' };
}
