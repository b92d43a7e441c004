import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { writeName } from '#core/pills/pill-path.ts';

/** One way to go on with a path. */
export interface PathCompletion {
  /** What is inserted, with backticks where the name needs them. */
  readonly text: string;
  readonly name: string;
  /** The type and a short sample. */
  readonly detail: string;
}

/** Completions of the path that ends at the cursor, and where in the text they begin. */
export interface PathCompletions {
  readonly from: number;
  readonly items: readonly PathCompletion[];
}

const PATH_BEFORE_CURSOR =
  /(?:\$\$?\.?)?(?:(?:[A-Za-z_][\w]*|`[^`]*`)(?:\[[^\]]*\])*\.)*(?:[A-Za-z_]\w*|`[^`]*)?$/;

/**
 * Completes `steps.map.or…` from sample data. Goes through lists as JSONata does: the fields of a list are those of its
 * first item. Null where the cursor is not at a path.
 */
export function completePath(textBefore: string, scope: JsonObject): PathCompletions | null {
  const path = PATH_BEFORE_CURSOR.exec(textBefore)?.[0] ?? '';
  const parts = path
    .replace(/^\$\$?\.?/, '')
    .replace(/\[[^\]]*\]/g, '')
    .split('.');
  const typed = parts.pop() ?? '';
  const target = parts.reduce<Json | undefined>((at, name) => fieldOf(at, unquote(name)), scope);
  const fields = fieldsOf(target);
  if (!fields) return null;
  return { from: textBefore.length - typed.length, items: Object.entries(fields).map(toCompletion) };
}

/** The type of a sample and what it looks like, in few letters. */
export function describeSample(value: Json): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (isJsonObject(value)) return 'object';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function toCompletion([name, value]: [string, Json]): PathCompletion {
  return { text: writeName(name), name, detail: describeSample(value) };
}

const unquote = (name: string) => name.replace(/^`|`$/g, '');

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  const fields = fieldsOf(value);
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function fieldsOf(value: Json | undefined): JsonObject | undefined {
  if (Array.isArray(value)) return fieldsOf((value as readonly Json[])[0]);
  return isJsonObject(value) ? value : undefined;
}
