import { z } from 'zod';

import * as approvals from '#core/api/approvals.ts';
import * as common from '#core/api/common.ts';
import * as flows from '#core/api/flows.ts';
import * as ledger from '#core/api/ledger.ts';
import * as runs from '#core/api/runs.ts';
import * as workspace from '#core/api/workspace.ts';
import * as document from '#core/flow-document.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** `output`: what replies hold. `input`: what callers may send, where members with a default may be left out. */
export type Side = 'input' | 'output';

/**
 * The JSON Schema of a Zod schema. Every schema that `core` exports by name is referred to, not repeated: as
 * `FlowSummary`, for senders as `FlowSummaryInput` where the two differ. `namedSchemas` holds what the references name.
 */
export function toOpenapiSchema(schema: z.ZodType, side: Side): JsonObject {
  // Inside a property a named schema is always a reference; at the root it would be written out.
  const wrapper = convert(z.object({ schema }), side);
  return bind((wrapper['properties'] as JsonObject)['schema'] ?? {}, side) as JsonObject;
}

/** Every named schema, under the names that references use. */
export function namedSchemas(): Record<string, JsonObject> {
  const all: Record<string, JsonObject> = {};
  const { input, output, differing } = tables();
  for (const [name, schema] of Object.entries(output)) all[name] = bind(schema, 'output') as JsonObject;
  for (const name of differing) all[`${name}Input`] = bind(input[name] ?? {}, 'input') as JsonObject;
  return all;
}

/** Names by schema: the exported `flowSummarySchema` is `FlowSummary`. */
const NAMED: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  [common, flows, runs, approvals, ledger, workspace, document].flatMap((module) =>
    Object.entries(module).flatMap(([name, schema]) =>
      schema instanceof z.ZodType && name.endsWith('Schema') && !name.endsWith('QuerySchema')
        ? [[name.charAt(0).toUpperCase() + name.slice(1, -'Schema'.length), schema]]
        : [],
    ),
  ),
);

const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(NAMED)) names.add(schema, { id });

function convert(schema: z.ZodType, side: Side): JsonObject {
  return z.toJSONSchema(schema, {
    io: side,
    metadata: names,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => polish(zodSchema, jsonSchema),
  }) as JsonObject;
}

function polish(zodSchema: z.core.$ZodType, jsonSchema: z.core.JSONSchema.BaseSchema): void {
  // The names above take the place of Zod's own registry, where descriptions are.
  const { description, examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (description !== undefined) jsonSchema.description = description;
  if (Array.isArray(examples)) jsonSchema.examples = examples;
  // The format says it; Zod's expressions for these run to hundreds of characters.
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uuid') delete jsonSchema.pattern;
  // The bounds of every whole number in JavaScript say nothing of this one.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  // Replies may grow: only what is strict on purpose forbids other members.
  const { def } = zodSchema._zod as { def: { type: string; catchall?: unknown } };
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}

interface Tables {
  readonly input: Readonly<Record<string, Json>>;
  readonly output: Readonly<Record<string, Json>>;
  /** Names whose two sides differ, in themselves or in what they refer to. */
  readonly differing: ReadonlySet<string>;
}

let known: Tables | undefined;

function tables(): Tables {
  if (known) return known;
  const everything = z.object(NAMED);
  const input = convert(everything, 'input')['$defs'] as Record<string, Json>;
  const output = convert(everything, 'output')['$defs'] as Record<string, Json>;
  known = { input, output, differing: differingNames(input, output) };
  return known;
}

function differingNames(
  input: Readonly<Record<string, Json>>,
  output: Readonly<Record<string, Json>>,
): Set<string> {
  const differing = new Set(
    Object.keys(output).filter((name) => JSON.stringify(input[name]) !== JSON.stringify(output[name])),
  );
  // What refers to a schema that differs differs too.
  for (let size = -1; size !== differing.size;) {
    size = differing.size;
    for (const name of Object.keys(output)) {
      if (referredNames(output[name] ?? null).some((other) => differing.has(other))) differing.add(name);
    }
  }
  return differing;
}

function referredNames(schema: Json): string[] {
  return [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map((match) => match[1] ?? '');
}

/** Turns references into those of an OpenAPI document, to the side that is meant. */
function bind(schema: Json, side: Side): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => bind(item, side));
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key !== '$ref' || typeof value !== 'string') return [key, bind(value, side)];
      const name = value.slice('#/$defs/'.length);
      const isInput = side === 'input' && tables().differing.has(name);
      return [key, `#/components/schemas/${name}${isInput ? 'Input' : ''}`];
    }),
  );
}
