import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';

import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/**
 * What keeps a value from being a valid OpenAPI 3.1 document of the kind that Patchbay serves: members that the
 * specification does not know, missing ones, references to nothing, schemas that are not JSON Schema 2020-12, names that
 * meet, parameters that do not fit their path, components that nothing uses.
 */
export function openapiFaults(document: JsonObject): string[] {
  const shape = documentSchema.safeParse(document);
  if (!shape.success) return shape.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`);
  const operations = Object.entries(shape.data.paths).flatMap(([path, item]) =>
    Object.values(item).flatMap((operation) => (operation ? [{ path, operation }] : [])),
  );
  return [
    ...referenceFaults(document),
    ...schemaFaults(document),
    ...duplicates(operations.map(({ operation }) => operation.operationId)).map(
      (id) => `two operations are ${id}`,
    ),
    ...operations.flatMap(({ path, operation }) => parameterFaults(path, operation)),
    ...operations.flatMap(({ operation }) =>
      operation.tags.filter((tag) => !shape.data.tags.some(({ name }) => name === tag)),
    ),
    ...shape.data.security.flatMap((need) =>
      Object.keys(need).filter((name) => shape.data.components.securitySchemes[name] === undefined),
    ),
  ];
}

const reference = z.strictObject({ $ref: z.string(), description: z.string().optional() });
/** Checked as JSON Schema by `schemaFaults`. */
const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string().regex(/^[a-z]+\/[a-z+.-]+$/), z.strictObject({ schema }));
const header = z.strictObject({ schema, description: z.string().optional() });
const response = z.union([
  reference,
  z.strictObject({
    description: z.string().min(1),
    headers: z.record(z.string().regex(/^[A-Za-z-]+$/), header).optional(),
    content: content.optional(),
  }),
]);
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean(),
  description: z.string().optional(),
  style: z.literal('form').optional(),
  explode: z.boolean().optional(),
  schema,
});
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  description: z.string().optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(z.string().regex(/^([1-5]\d\d|default)$/), response),
  'x-patchbay-action': z.string(),
});
const securityScheme = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('http'), scheme: z.string(), description: z.string() }),
  z.strictObject({
    type: z.literal('apiKey'),
    in: z.enum(['cookie', 'header', 'query']),
    name: z.string(),
    description: z.string(),
  }),
]);
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const documentSchema = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })).min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(
    z.string().regex(/^\/[a-z0-9{}/-]+$/i),
    z.strictObject(Object.fromEntries(methods.map((method) => [method, operation.optional()]))),
  ),
  components: z.strictObject({
    securitySchemes: z.record(z.string(), securityScheme),
    responses: z.record(z.string().regex(/^[\w.-]+$/), response),
    schemas: z.record(z.string().regex(/^[\w.-]+$/), schema),
  }),
});

function parameterFaults(
  path: string,
  { parameters = [], operationId }: z.output<typeof operation>,
): string[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
  const declared = parameters.filter((each) => each.in === 'path');
  const fits = JSON.stringify(inPath) === JSON.stringify(declared.map((each) => each.name).sort());
  return [
    ...(fits && declared.every((each) => each.required) ? [] : [`${operationId}: the path's parameters`]),
    ...duplicates(parameters.map((each) => `${each.in} ${each.name.toLowerCase()}`)).map(
      (name) => `${operationId}: two ${name}`,
    ),
  ];
}

function referenceFaults(document: JsonObject): string[] {
  const used = new Set(collect(document, (part) => (typeof part['$ref'] === 'string' ? [part['$ref']] : [])));
  const components = document['components'] as Record<string, JsonObject>;
  const defined = ['responses', 'schemas'].flatMap((kind) =>
    Object.keys(components[kind] ?? {}).map((name) => `#/components/${kind}/${name}`),
  );
  return [
    ...[...used].filter((name) => !defined.includes(name)).map((name) => `${name} is not defined`),
    ...defined.filter((name) => !used.has(name)).map((name) => `${name} is not used`),
  ];
}

/** Each schema on its own, references left out: ajv checks it against the meta-schema of draft 2020-12. */
function schemaFaults(document: JsonObject): string[] {
  const ajv = new Ajv2020({ strict: false });
  const components = document['components'] as { schemas: Record<string, Json> };
  const inline = collect(document, (part) => (isJsonObject(part['schema']) ? [part['schema']] : []));
  return [...Object.values(components.schemas), ...inline].flatMap((each) =>
    ajv.validateSchema(each as JsonObject) === true
      ? []
      : [`${JSON.stringify(each)}: ${ajv.errorsText(ajv.errors)}`],
  );
}

function collect<T>(value: Json, take: (part: JsonObject) => readonly T[]): T[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => collect(item, take));
  if (!isJsonObject(value)) return [];
  return [...take(value), ...Object.values(value).flatMap((item) => collect(item, take))];
}

function duplicates(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
