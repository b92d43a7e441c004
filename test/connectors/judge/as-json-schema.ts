import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

const COMBINED: readonly string[] = ['allOf', 'anyOf', 'oneOf'];

/**
 * A schema of OpenAPI 3.0 as one of JSON Schema, closed: an object with named properties takes no others, unless it says so. What
 * is combined is closed as a whole.
 */
export function asJsonSchema(schema: Json, isMap = false, isPart = false): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => asJsonSchema(item));
  if (!isJsonObject(schema)) return schema;
  if (isMap) return mapValues(schema, (value) => asJsonSchema(value, false, isPart));
  if (typeof schema['$ref'] === 'string') return { $ref: `spec:/${schema['$ref']}` };
  const converted = mapValues(schema, (value, key) => {
    if (COMBINED.includes(key) && Array.isArray(value))
      return value.map((part: Json) => asJsonSchema(part, false, true));
    return asJsonSchema(value, key === 'properties');
  });
  return nullable(
    isPart || !namesProperties(schema) ? converted : { unevaluatedProperties: false, ...converted },
  );
}

function namesProperties(schema: JsonObject): boolean {
  if (schema['additionalProperties'] !== undefined) return false;
  if (isJsonObject(schema['properties']) && Object.keys(schema['properties']).length > 0) return true;
  return COMBINED.some(
    (key) =>
      Array.isArray(schema[key]) &&
      (schema[key] as readonly Json[]).some((part) => isJsonObject(part) && namesProperties(part)),
  );
}

/** `nullable` beside a type; numbers as limits that exclude are flags in OpenAPI 3.0. */
function nullable({
  nullable: isNullable,
  exclusiveMinimum,
  exclusiveMaximum,
  ...schema
}: JsonObject): JsonObject {
  const { type, enum: values, ...rest } = schema;
  if (isNullable !== true) return schema;
  return {
    ...rest,
    ...(type !== undefined && { type: [type, 'null'].flat() }),
    ...(Array.isArray(values) && { enum: [...(values as readonly Json[]), null] }),
  };
}

function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
