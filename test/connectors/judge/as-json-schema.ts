import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

const COMBINED: readonly string[] = ['allOf', 'anyOf', 'oneOf'];
/** Where the named schemas are to be found. */
export const SCHEMAS = 'spec:/';

/**
 * A schema of OpenAPI 3.0 as one of JSON Schema, closed: an object with named properties takes no others, unless it says so. What
 * is combined is closed as a whole, where it is used.
 *
 * @param named the schemas that it may refer to, as OpenAPI has them.
 */
export function asJsonSchema(schema: Json, named: JsonObject): Json {
  return convert(schema, { named, isPart: false });
}

/** The named schemas themselves, open: some are parts of others. */
export function namedSchemas(named: JsonObject): JsonObject {
  return mapValues(named, (schema) => convert(schema, { named, isPart: true }));
}

interface Place {
  readonly named: JsonObject;
  /** True where something around it closes it. */
  readonly isPart: boolean;
}

function convert(schema: Json, { named, isPart }: Place): Json {
  if (!isJsonObject(schema)) return schema;
  const closed: JsonObject =
    isPart || !namesProperties(schema, named) ? {} : { unevaluatedProperties: false };
  if (typeof schema['$ref'] === 'string') return { $ref: SCHEMAS + schema['$ref'], ...closed };
  const converted = mapValues(schema, (value, key) => {
    if (COMBINED.includes(key) && Array.isArray(value))
      return value.map((part: Json) => convert(part, { named, isPart: true }));
    if (key === 'properties' && isJsonObject(value))
      return mapValues(value, (each) => convert(each, { named, isPart: false }));
    return ['items', 'additionalProperties', 'not'].includes(key)
      ? convert(value, { named, isPart: false })
      : value;
  });
  return { ...nullable(converted), ...closed };
}

/** True where a schema, or what it is made of, has names for its properties, and takes no others besides. */
function namesProperties(schema: Json, named: JsonObject): boolean {
  if (!isJsonObject(schema) || schema['additionalProperties'] !== undefined) return false;
  const reference = schema['$ref'];
  if (typeof reference === 'string')
    return namesProperties(named[reference.split('/').at(-1) ?? ''] ?? null, named);
  if (isJsonObject(schema['properties']) && Object.keys(schema['properties']).length > 0) return true;
  return COMBINED.some((key) => {
    const parts = schema[key];
    return Array.isArray(parts) && (parts as readonly Json[]).some((part) => namesProperties(part, named));
  });
}

/** `nullable` beside a type is a type of its own. */
function nullable({ nullable: isNullable, ...schema }: JsonObject): JsonObject {
  if (isNullable !== true) return schema;
  const { type, enum: values, ...rest } = schema;
  return {
    ...rest,
    ...(type !== undefined && { type: [type, 'null'].flat() }),
    ...(Array.isArray(values) && { enum: [...(values as readonly Json[]), null] }),
  };
}

function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
