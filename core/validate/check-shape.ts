import type { z } from 'zod';

import { describeIssue } from '../describe-issue.ts';
import { type Fault, jsonPointer } from '../fault.ts';
import { type FlowDocument, flowDocumentSchema } from '../flow-document.ts';

/** Codes by the last name of the place, where a general code would say less. */
const CODES: Readonly<Record<string, string>> = {
  slug: 'slug_invalid',
  connection: 'slug_invalid',
  onFailure: 'slug_invalid',
  id: 'id_invalid',
  from: 'id_invalid',
  to: 'id_invalid',
  parent: 'id_invalid',
  compensate: 'id_invalid',
  type: 'node_type_invalid',
  attempts: 'retry_invalid',
  baseSeconds: 'retry_invalid',
  maxSeconds: 'retry_invalid',
  timeoutSeconds: 'timeout_invalid',
  limit: 'concurrency_invalid',
};

export interface Shape {
  /** The document with defaults filled in; undefined when its shape is wrong. */
  readonly flow: FlowDocument | undefined;
  readonly faults: readonly Fault[];
}

/** Checks names, types and ranges of everything but the settings of nodes. */
export function checkShape(document: unknown): Shape {
  const parsed = flowDocumentSchema.safeParse(document);
  if (parsed.success) return { flow: parsed.data, faults: [] };
  return {
    flow: undefined,
    faults: parsed.error.issues.flatMap((issue) => issueFaults(issue, document, [])),
  };
}

/** As `checkShape`, for the part of a document that is found at `place`. */
export function shapeFaults(
  schema: z.ZodType,
  part: unknown,
  place: readonly PropertyKey[],
): readonly Fault[] {
  const parsed = schema.safeParse(part);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => issueFaults(issue, part, place));
}

function issueFaults(
  issue: z.core.$ZodIssue,
  part: unknown,
  place: readonly PropertyKey[],
): readonly Fault[] {
  const path = [...place, ...issue.path];
  const nodeId = nodeIdAt(part, issue.path.slice(0, Math.max(0, 2 - place.length)), path);
  const fault = (code: string, at: readonly PropertyKey[], message: string): Fault => ({
    level: 'refused',
    code,
    pointer: jsonPointer(at),
    message,
    ...(nodeId !== undefined && { nodeId }),
  });
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      fault('unknown_key', [...path, key], `"${key}" is not known here. Check the spelling or remove it.`),
    );
  }
  const name = path.length === 0 ? 'The document' : `"${String(path.at(-1))}"`;
  if (valueAt(part, issue.path) === undefined) return [fault('missing', path, `${name} is missing.`)];
  return [fault(codeOf(issue, path), path, `${name} ${describeIssue(issue)}.`)];
}

function codeOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  if (first === undefined) return 'not_a_document';
  if (first === 'format') return 'format_unknown';
  if (rest.length === 0 && issue.code === 'too_big' && issue.origin === 'array')
    return `too_many_${String(first)}`;
  const specific = CODES[String(path.at(-1))];
  if (specific !== undefined && path[2] !== 'config') return specific;
  if (issue.code === 'invalid_type' || issue.code === 'invalid_union') return 'wrong_type';
  if (issue.code === 'too_big' || issue.code === 'too_small') return 'out_of_range';
  return 'not_allowed';
}

function nodeIdAt(
  part: unknown,
  within: readonly PropertyKey[],
  path: readonly PropertyKey[],
): string | undefined {
  if (path[0] !== 'nodes' || path.length < 2) return undefined;
  const id = valueAt(part, [...within, 'id']);
  return typeof id === 'string' ? id : undefined;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}
