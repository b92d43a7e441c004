import { type Json, isJsonObject } from './json.ts';
import { contextReferences } from './step-references.ts';
import { type ExpressionValue, type TemplateValue, isComputed, isExpression } from './value.ts';

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that JSONata reads as something else where a name could stand. */
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/**
 * A value whose expressions and templates read `steps.<new id>` wherever they read `steps.<old id>`. Works on the syntax
 * tree: texts, comments and fields that happen to be called `steps` stay as they are. What does not parse stays, too.
 * Values without such a reference are given back as they are.
 */
export function rebindSteps<T extends Json>(value: T, renames: ReadonlyMap<string, string>): T {
  return rebind(value, renames) as T;
}

function rebind(value: Json, renames: ReadonlyMap<string, string>): Json {
  if (isComputed(value)) return rebindComputed(value, renames);
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => rebind(item, renames));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, rebind(item, renames)] as const);
  return entries.every(([key, item]) => item === value[key]) ? value : Object.fromEntries(entries);
}

function rebindComputed(value: ExpressionValue | TemplateValue, renames: ReadonlyMap<string, string>): Json {
  const text = isExpression(value) ? value.$expr : String(value.$tpl);
  const changed = contextReferences(value)
    .flatMap(({ step }) => (step === undefined ? [] : [step]))
    .filter((step, index, all) => all.findIndex((other) => other.start === step.start) === index)
    .sort((a, b) => b.start - a.start)
    .reduce((source, { nodeId, start, end }) => {
      const renamed = renames.get(nodeId);
      return renamed === undefined ? source : source.slice(0, start) + written(renamed) + source.slice(end);
    }, text);
  if (changed === text) return value;
  return isExpression(value) ? { $expr: changed } : { $tpl: changed };
}

function written(nodeId: string): string {
  return PLAIN_NAME.test(nodeId) && !RESERVED.has(nodeId) ? nodeId : `\`${nodeId}\``;
}
