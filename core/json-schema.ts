import { Ajv, type AnySchemaObject, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';

import { canonicalText } from './canonical-text.ts';
import { jsonPointer } from './fault.ts';
import type { Json, JsonObject } from './json.ts';

/** How a value breaks a schema, at one place. */
export interface SchemaMismatch {
  /** Into the value; empty for the value itself. */
  readonly pointer: string;
  readonly message: string;
  /** The keyword that failed, for example `required`. */
  readonly code: string;
}

/** What is wrong with a value; nothing when it matches. */
export type SchemaCheck = (value: Json) => readonly SchemaMismatch[];

/** A schema that cannot be used. */
export class JsonSchemaError extends Error {
  /** Into the schema, where the fault is; empty when it is not known. */
  readonly pointer: string;

  constructor(message: string, pointer = '') {
    super(message);
    this.name = 'JsonSchemaError';
    this.pointer = pointer;
  }
}

/**
 * Compiles a user's JSON Schema: of the draft that `$schema` names, else 2020-12, else draft 7. Throws `JsonSchemaError`.
 * The check stops at the first fault unless `allErrors` is set. For the server alone: it makes code at run time.
 */
export function compileJsonSchema(schema: JsonObject, { allErrors = false } = {}): SchemaCheck {
  const options: Options = { strict: false, allErrors, logger: false, code: { regExp: linearPattern } };
  // The dialect is chosen here; ajv would refuse a name that it does not know.
  const { $schema: dialect, ...rest } = schema;
  if (rest['$async'] !== undefined)
    throw new JsonSchemaError('asynchronous schemas ($async) are not supported', '/$async');
  const validate = compile(rest, { dialect: typeof dialect === 'string' ? dialect : '', options });
  return (value) => mismatches(validate, value);
}

function mismatches(validate: ValidateFunction, value: Json): readonly SchemaMismatch[] {
  try {
    return validate(value) ? [] : (validate.errors ?? []).map(describe);
  } catch (error) {
    // A schema that refers to itself without going deeper into the value, or a value that is deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
    return [{ pointer: '', message: 'is nested too deeply for this schema', code: 'depth' }];
  }
}

/** An instance for each schema: users' `$id`s must not meet, and nothing compiled may outlive its use. */
function compile(
  schema: AnySchemaObject,
  { dialect, options }: { readonly dialect: string; readonly options: Options },
): ValidateFunction {
  if (/draft-0[4-7]/.test(dialect)) return compileWith(new Ajv(options), schema);
  try {
    return compileWith(new Ajv2020(options), schema);
  } catch (error) {
    if (dialect !== '') throw error;
    return compileAsDraft7(schema, { options, cause: error });
  }
}

/** Throws `cause` when the schema is not one of draft 7 either. */
function compileAsDraft7(
  schema: AnySchemaObject,
  { options, cause }: { readonly options: Options; readonly cause: unknown },
): ValidateFunction {
  try {
    return compileWith(new Ajv(options), schema);
  } catch {
    throw cause;
  }
}

function compileWith(ajv: Ajv, schema: AnySchemaObject): ValidateFunction {
  addFormats.default(ajv);
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', validate: hasUniqueItems, error: UNIQUE_ITEMS });
  try {
    return ajv.compile(schema);
  } catch (error) {
    const [first] = ajv.errors ?? [];
    const reason = (error as Error).message.replace('error parsing regexp: ', '');
    throw first === undefined
      ? new JsonSchemaError(reason)
      : new JsonSchemaError(
          `${first.instancePath} ${first.message ?? 'is wrong'}`.trim(),
          first.instancePath,
        );
  }
}

const UNIQUE_ITEMS = { message: 'must not have the same item twice' };

/** ajv compares each object with each other, which takes minutes for a long list; this takes time linear in its size. */
function hasUniqueItems(isWanted: boolean, list: readonly Json[]): boolean {
  return !isWanted || new Set(list.map(canonicalText)).size === list.length;
}

/** Linear-time expressions: the schema's author must not be able to stop the process with a pattern, by accident or not. */
function linearPattern(pattern: string): RE2JS {
  return RE2JS.compile(RE2JS.translateRegExp(pattern));
}
linearPattern.code = 'linearPattern';

function describe({ instancePath, keyword, params, message }: ErrorObject): SchemaMismatch {
  const extra = keyword === 'additionalProperties' ? jsonPointer([String(params['additionalProperty'])]) : '';
  return { pointer: instancePath + extra, message: message ?? 'does not match the schema', code: keyword };
}
