import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { SPECS, type SpecSource } from './specs/sources.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'test/connectors/judge/specs');

/** Words for people, and what no request is judged by. */
const DROPPED: ReadonlySet<string> = new Set([
  'description',
  'example',
  'examples',
  'externalDocs',
  'title',
  'summary',
  'xml',
  'deprecated',
  'discriminator',
]);

/** One vendor's specification, cut down to the requests of some operations. */
export interface TrimmedSpec {
  readonly source: {
    readonly package: string;
    readonly licence: string;
    readonly title: string;
    readonly version: string;
  };
  /** Below which the paths are. */
  readonly base: string;
  /** By path, then by method. */
  readonly paths: JsonObject;
  readonly schemas: JsonObject;
}

/**
 * Cuts a published OpenAPI document down to what judges the requests of some operations: their parameters and bodies, and the
 * schemas that these lead to. Throws where the document lacks an operation.
 */
export function trimSpec(document: JsonObject, source: SpecSource): TrimmedSpec {
  const info = objectAt(document, 'info');
  const schemas: Record<string, Json> = {};
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of source.operations) {
    const [method = '', path = ''] = operation.split(' ');
    const item = objectAt(objectAt(document, 'paths'), path);
    const found = item[method.toLowerCase()];
    if (!isJsonObject(found)) throw new Error(`${source.file} has no ${operation}.`);
    const shown = source.rename?.(path) ?? path;
    const part = requestPart({ document, source, schemas }, item, found);
    paths[shown] = { ...paths[shown], [method.toLowerCase()]: part };
  }
  return {
    source: {
      package: source.package,
      licence: source.licence,
      title: textOf(info['title']),
      version: textOf(info['version']),
    },
    base: source.base,
    paths,
    schemas,
  };
}

interface Trim {
  readonly document: JsonObject;
  readonly source: SpecSource;
  /** Filled with the schemas that are met. */
  readonly schemas: Record<string, Json>;
}

function requestPart(trim: Trim, item: JsonObject, found: JsonObject): JsonObject {
  const { document, source } = trim;
  const parameters = [...listAt(item, 'parameters'), ...listAt(found, 'parameters')].map((each) => {
    const { name, in: place, required = false, schema = {}, style, explode } = resolved(document, each);
    return {
      name,
      in: place,
      required,
      schema: lean(schema, trim),
      ...kept({ style, explode }),
    } as JsonObject;
  });
  const body = found['requestBody'] === undefined ? undefined : resolved(document, found['requestBody']);
  const bodies = Object.entries(objectAt(body ?? {}, 'content'));
  const described = source.takesJson
    ? bodies.slice(0, 1).map(([, each]) => ['application/json', each] as const)
    : bodies;
  const content = described.map(
    ([type, each]) => [type, { schema: lean(objectAt(each, 'schema'), trim) }] as const,
  );
  return {
    parameters,
    ...(body && {
      requestBody: { required: body['required'] === true, content: Object.fromEntries(content) },
    }),
  };
}

/** A copy of a schema without words; schemas that it refers to are taken over by their names. */
function lean(part: Json, trim: Trim): Json {
  if (Array.isArray(part)) return part.map((each: Json) => lean(each, trim));
  if (!isJsonObject(part)) return part;
  if (typeof part['$ref'] === 'string') return takenOver(part, part['$ref'], trim);
  const schema = trim.source.amend?.(part) ?? part;
  const entries = Object.entries(schema).filter(([key]) => !key.startsWith('x-') && !DROPPED.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => {
      // Under `properties` the keys are names, whatever they read like.
      const isMap = key === 'properties' && isJsonObject(value);
      return [key, isMap ? mapValues(value, (each) => lean(each, trim)) : lean(value, trim)];
    }),
  );
}

function takenOver(part: JsonObject, reference: string, trim: Trim): Json {
  const name = reference.split('/').at(-1) ?? '';
  if (!Object.hasOwn(trim.schemas, name)) {
    // A schema may lead to itself.
    trim.schemas[name] = true;
    trim.schemas[name] = lean(resolved(trim.document, part), trim);
  }
  return { $ref: `#/schemas/${name}` };
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function resolved(document: JsonObject, part: Json): JsonObject {
  if (!isJsonObject(part)) return {};
  const reference = part['$ref'];
  if (typeof reference !== 'string') return part;
  const parts = reference
    .slice(2)
    .split('/')
    .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'));
  return resolved(
    document,
    parts.reduce<Json>((at, name) => objectAt(at, name), document),
  );
}

function objectAt(value: Json, name: string): JsonObject {
  const found = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(found) ? found : {};
}

function listAt(value: JsonObject, name: string): readonly Json[] {
  return Array.isArray(value[name]) ? value[name] : [];
}

function kept(entries: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

if (import.meta.main) {
  const [folder, ...names] = process.argv.slice(2);
  if (folder === undefined) {
    console.error('Usage: node scripts/trim-spec.ts <folder with the unpacked packages> [name …]');
    console.error(
      '`npm pack` each package that scripts/specs/sources.ts names, and unpack it into a folder of its name there.',
    );
    process.exit(2);
  }
  const options = await resolveConfig(join(ROOT, 'README.md'));
  await mkdir(FOLDER, { recursive: true });
  for (const [name, source] of Object.entries(SPECS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const text = await readFile(join(folder, source.package.replace(/@[^@]*$/, ''), source.file), 'utf8');
    const spec = trimSpec(JSON.parse(text) as JsonObject, source);
    await writeFile(
      join(FOLDER, `${name}.json`),
      await format(JSON.stringify(spec), { ...options, parser: 'json' }),
    );
    console.log(
      `${name}: ${source.operations.length} operations, ${Object.keys(spec.schemas).length} schemas`,
    );
  }
}
