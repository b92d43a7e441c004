import type { z } from 'zod';

import { describeIssue } from '#core/describe-issue.ts';
import { type Fault, jsonPointer } from '#core/fault.ts';
import { type Json, type JsonObject, isJsonObject } from '#core/json.ts';
import { computedParts, isComputed } from '#core/value.ts';
import { fieldMeta } from './field-meta.ts';

type Path = readonly PropertyKey[];

/**
 * Checks a node's settings against the schema of its operation; see `NodeType.checkConfig`.
 * What an expression decides is left to the run: issues at, below or around a computed value are dropped.
 */
export function checkConfig(schema: z.ZodObject, config: JsonObject): readonly Fault[] {
  const literalOnly = literalOnlySettings(schema);
  const parsed = schema.safeParse(config);
  const issues = parsed.success ? [] : parsed.error.issues;
  return [
    ...issues
      .filter((issue) => !isLeftToTheRun(config, issue, literalOnly))
      .flatMap((issue) => issueFaults(config, issue)),
    ...literalFaults(config, literalOnly),
    ...entryFaults(schema, config),
    ...expressionFaults(schema, config),
  ];
}

function literalOnlySettings(schema: z.ZodObject): ReadonlySet<string> {
  const names = Object.entries(schema.shape).filter(([, field]) => fieldMeta(field).expression === false);
  return new Set(names.map(([name]) => name));
}

function isLeftToTheRun(
  config: JsonObject,
  issue: z.core.$ZodIssue,
  literalOnly: ReadonlySet<string>,
): boolean {
  if (issue.code === 'unrecognized_keys') return isComputed(valueAt(config, issue.path));
  // In a literal-only setting, the fault about the expression itself says it better.
  if (literalOnly.has(String(issue.path[0])) && computedParts(valueAt(config, issue.path) ?? null).length > 0)
    return true;
  if (issue.path.some((_, index) => isComputed(valueAt(config, issue.path.slice(0, index + 1))))) return true;
  const around = issue.code === 'invalid_union' || issue.code === 'custom';
  return around && computedParts(valueAt(config, issue.path) ?? null).length > 0;
}

function issueFaults(config: JsonObject, issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      level: 'refused',
      code: 'setting_unknown',
      pointer: jsonPointer([...issue.path, key]),
      message: `There is no setting "${key}" here. Remove it.`,
    }));
  }
  const pointer = jsonPointer(issue.path);
  const name = String(issue.path.at(-1) ?? 'config');
  const value = valueAt(config, issue.path);
  if (value === undefined || value === '') {
    const reason = issue.code === 'custom' ? `: ${issue.message}` : '';
    const message = `"${name}" is required${reason}. Fill it in.`;
    return [{ level: 'blocks_publish', code: 'setting_missing', pointer, message }];
  }
  const message = `"${name}" ${describeIssue(issue)}.`;
  return [{ level: 'blocks_publish', code: 'setting_invalid', pointer, message }];
}

function literalFaults(config: JsonObject, literalOnly: ReadonlySet<string>): readonly Fault[] {
  return [...literalOnly].flatMap((name) =>
    computedParts(config[name] ?? null, [name]).map(({ path }) => literalFault(name, path)),
  );
}

function literalFault(name: string, path: Path): Fault {
  return {
    level: 'blocks_publish',
    code: 'expression_not_allowed',
    pointer: jsonPointer(path),
    message: `"${name}" is read before there is any data, so it takes no expression. Write the value itself.`,
  };
}

/** Lists whose entries decide something before there is data (the ports of a switch): the list and those parts are literal. */
function entryFaults(schema: z.ZodObject, config: JsonObject): readonly Fault[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const fixed = literalParts(field);
    const value = config[name];
    if (fixed.length === 0 || value === undefined) return [];
    if (isComputed(value)) return [literalFault(name, [name])];
    const entries: readonly Json[] = Array.isArray(value) ? value : [];
    return entries.flatMap((entry, index) =>
      isComputed(entry) ? [literalFault(name, [name, index])] : partFaults(entry, fixed, [name, index]),
    );
  });
}

function partFaults(entry: Json, fixed: readonly string[], path: readonly (string | number)[]): Fault[] {
  if (!isJsonObject(entry)) return [];
  return fixed.flatMap((part) =>
    computedParts(entry[part] ?? null, [...path, part]).map((computed) => literalFault(part, computed.path)),
  );
}

/** Names of the literal-only parts of a list's entries. */
function literalParts(field: z.core.$ZodType): readonly string[] {
  const { def } = field._zod;
  if ('innerType' in def) return literalParts(def.innerType as z.core.$ZodType);
  const entry = 'element' in def ? (def.element as z.core.$ZodType)._zod.def : undefined;
  const shape = entry !== undefined && 'shape' in entry ? (entry.shape as z.core.$ZodShape) : {};
  return Object.keys(shape).filter((part) => fieldMeta(shape[part]!).expression === false);
}

function expressionFaults(schema: z.ZodObject, config: JsonObject): readonly Fault[] {
  return Object.entries(schema.shape).flatMap(([name, field]): readonly Fault[] => {
    const meta = fieldMeta(field);
    const value = config[name];
    if (value === undefined || isComputed(value)) return [];
    const pointer = jsonPointer([name]);
    if (meta.expressionOnly === true) {
      const message = `"${name}" must be an expression: a fixed value would be the same for every event.`;
      return [{ level: 'blocks_publish', code: 'expression_expected', pointer, message }];
    }
    if (meta.widget !== 'expression' || typeof value !== 'string') return [];
    const message = `"${name}" is plain text, not an expression: it is the same every time. Switch the field to an expression.`;
    return [{ level: 'warning', code: 'text_for_expression', pointer, message }];
  });
}

function valueAt(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((at, part) => {
    if (Array.isArray(at)) return at[Number(part)] as Json | undefined;
    return isJsonObject(at) && Object.hasOwn(at, part) ? at[String(part)] : undefined;
  }, value);
}
