import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/**
 * Where the published document of Microsoft Graph differs from Microsoft's own documentation and service: it requires `@odata.type`
 * everywhere, which only tells variants apart; it writes the parameters of actions with a capital; and it types any JSON (the
 * cells of workbooks) as an object.
 */
export function amendGraph(schema: JsonObject): JsonObject {
  const { required, properties, ...rest } = schema;
  if (isAnyJson(schema)) return {};
  return {
    ...rest,
    ...(isJsonObject(properties) && { properties: lowered(properties) }),
    ...(Array.isArray(required) && {
      required: (required as readonly Json[]).filter((name) => name !== '@odata.type'),
    }),
  };
}

/** `anyOf: [Json, { nullable, type: object }]`. */
function isAnyJson({ anyOf }: JsonObject): boolean {
  return (
    Array.isArray(anyOf) &&
    (anyOf as readonly Json[]).some(
      (part) => isJsonObject(part) && part['$ref'] === '#/components/schemas/microsoft.graph.Json',
    )
  );
}

function lowered(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      schema,
    ]),
  );
}
