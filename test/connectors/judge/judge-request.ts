import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';

import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { asJsonSchema, namedSchemas, SCHEMAS } from './as-json-schema.ts';
import { parseForm } from './parse-form.ts';

/** A vendor's specification, as `scripts/trim-spec.ts` writes it. */
export interface JudgeSpec {
  readonly source: { readonly package: string; readonly title: string; readonly version: string };
  readonly base: string;
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly schemas: JsonObject;
}

/** A request as it was meant for the vendor, and as it arrived. */
export interface JudgedRequest {
  readonly method: string;
  /** With the vendor's own host. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface Verdict {
  /** `METHOD path` of the specification; null where it has no such operation. */
  readonly operation: string | null;
  /** Whatever the vendor would not understand; empty for a request that is right. */
  readonly faults: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema: Json;
}

/** Credentials, and what every HTTP message has: no operation lists them all. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'token',
  'authorization',
  'access_token',
  'oauth_token',
  'key',
]);

/** Holds a request against what the vendor publishes: path, method, parameters, body. */
export function judgeRequest(spec: JudgeSpec, request: JudgedRequest): Verdict {
  const found = findOperation(spec, request);
  if (!found)
    return { operation: null, faults: [`${request.method} ${request.url}: there is no such operation`] };
  const { path, values, operation } = found;
  const parameters = (operation['parameters'] ?? []) as unknown as readonly Parameter[];
  const check = checker(spec);
  return {
    operation: `${request.method} ${path}`,
    faults: [
      ...pathFaults(parameters, values, check),
      ...queryFaults(parameters, new URL(request.url).searchParams, check),
      ...headerFaults(parameters, request.headers, check),
      ...bodyFaults(operation['requestBody'], request, check),
    ],
  };
}

interface FoundOperation {
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  readonly operation: JsonObject;
}

function findOperation(
  { base, paths }: JudgeSpec,
  { method, url }: JudgedRequest,
): FoundOperation | undefined {
  const asked = url.split(/[?#]/)[0] ?? '';
  if (!asked.startsWith(base)) return undefined;
  const rest = asked.slice(base.length);
  const candidates = Object.entries(paths).flatMap(([path, item]) => {
    const operation = item[method.toLowerCase()];
    if (!isJsonObject(operation)) return [];
    const values = matchPath(path, rest);
    return values ? [{ path, values, operation }] : [];
  });
  // The most specific one: the one with the fewest places.
  return candidates.sort((one, other) => places(one.path) - places(other.path))[0];
}

const places = (path: string) => path.split('{').length;

function matchPath(path: string, given: string): Record<string, string> | null {
  const names: string[] = [];
  const pattern = path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const name = part.slice(1, -1);
      names.push(name);
      // GitHub's paths of files hold slashes.
      return name === 'path' ? '(.+)' : '([^/]+)';
    })
    .join('');
  const match = new RegExp(`^${pattern}$`).exec(given);
  return (
    match &&
    Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]))
  );
}

type Check = (schema: Json, value: Json, where: string) => readonly string[];

/** Coerces texts, as a server does with parameters; what a schema does not name is a fault. */
function checker({ schemas }: JudgeSpec): Check {
  const ajv = new Ajv2019({ strict: false, allErrors: true, coerceTypes: true, unevaluated: true });
  addFormats.default(ajv);
  for (const name of [
    'int32',
    'int64',
    'float',
    'double',
    'decimal',
    'byte',
    'google-datetime',
    'google-fieldmask',
    'unix-time',
    'currency',
    'repo.nwo',
  ])
    ajv.addFormat(name, true);
  ajv.addSchema({ $id: SCHEMAS, schemas: namedSchemas(schemas) });
  return (schema, value, where) => {
    const validate = ajv.compile({ ...(asJsonSchema(schema, schemas) as JsonObject) });
    // A place to put what is coerced.
    const holder = { value: structuredClone(value) };
    if (validate(holder.value)) return [];
    return [
      ...new Set(
        (validate.errors ?? []).map(({ instancePath, message, params }) => {
          const extra = ['unevaluatedProperty', 'additionalProperty']
            .map((key) => (params as Record<string, unknown>)[key])
            .find(Boolean);
          return `${where}${instancePath} ${message ?? 'is wrong'}${extra === undefined ? '' : `: ${JSON.stringify(extra)}`}`;
        }),
      ),
    ];
  };
}

function pathFaults(
  parameters: readonly Parameter[],
  values: Readonly<Record<string, string>>,
  check: Check,
): readonly string[] {
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .flatMap(({ name, schema }) => check(wrapped(schema), { value: values[name] ?? null }, `path ${name}`));
}

function queryFaults(
  parameters: readonly Parameter[],
  query: URLSearchParams,
  check: Check,
): readonly string[] {
  const known = new Map(
    parameters.filter((parameter) => parameter.in === 'query').map((each) => [each.name, each]),
  );
  const names = new Set([...query.keys()].map((name) => name.replace(/\[.*$/, '')));
  const unknown = [...names]
    .filter((name) => !known.has(name))
    .map((name) => `query ${name}: there is no such parameter`);
  const missing = [...known.values()]
    .filter(({ name, required }) => required && !CREDENTIALS.has(name) && !names.has(name))
    .map(({ name }) => `query ${name} is required`);
  const wrong = [...known.values()]
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, schema }) =>
      check(wrapped(schema), { value: queryValue(query, name, schema) }, `query ${name}`),
    );
  return [...unknown, ...missing, ...wrong];
}

function queryValue(query: URLSearchParams, name: string, schema: Json): Json {
  const nested = [...query].filter(([key]) => key.startsWith(`${name}[`));
  if (nested.length > 0) return parseForm(new URLSearchParams(nested).toString())[name] ?? null;
  const isList = isJsonObject(schema) && schema['type'] === 'array';
  return isList ? query.getAll(name) : (query.get(name) ?? null);
}

function headerFaults(
  parameters: readonly Parameter[],
  headers: JudgedRequest['headers'],
  check: Check,
): readonly string[] {
  const wanted = parameters.filter(
    ({ in: place, name }) => place === 'header' && name.trim() !== '' && !CREDENTIALS.has(name.toLowerCase()),
  );
  return wanted.flatMap(({ name, required, schema }) => {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return required ? [`header ${name} is required`] : [];
    return check(wrapped(schema), { value: String(value) }, `header ${name}`);
  });
}

function bodyFaults(
  described: Json | undefined,
  { method, headers, body }: JudgedRequest,
  check: Check,
): readonly string[] {
  if (!isJsonObject(described)) return body === '' || method === 'GET' ? [] : ['body: there is to be none'];
  if (body === '') return described['required'] === true ? ['body is required'] : [];
  const type =
    String(headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim() ?? '';
  const content = isJsonObject(described['content']) ? described['content'] : {};
  const found = content[type] ?? content['*/*'];
  if (!isJsonObject(found)) return [`body: the type ${type} is none of ${Object.keys(content).join(', ')}`];
  const value = type === 'application/x-www-form-urlencoded' ? parseForm(body) : (JSON.parse(body) as Json);
  return check(found['schema'] ?? {}, value, 'body');
}

/** ajv coerces what stands in something. */
function wrapped(schema: Json): JsonObject {
  return { type: 'object', properties: { value: schema }, required: ['value'] };
}
