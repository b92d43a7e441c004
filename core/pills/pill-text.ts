import type { Json } from '../json.ts';
import { isExpression, isTemplate } from '../value.ts';

import { pillsInTemplate, wholePill } from './find-pills.ts';
import { type PillPath, writePath } from './pill-path.ts';

/**
 * The text in which a setting's pills and words are edited, `Order {{ trigger.body.id }}`; null for an expression that is
 * more than one path, and for what is no text.
 */
export function pillTextOf(value: Json | undefined): string | null {
  if (value === undefined) return '';
  if (typeof value === 'string') return literalText(value);
  if (isTemplate(value)) return value.$tpl;
  const path = isExpression(value) ? wholePill(value.$expr) : undefined;
  return path === undefined ? null : island(path);
}

/**
 * The value that such a text stands for. A pill alone is an expression, which keeps its type, where `keepsType` says so;
 * with words around it, or for a setting that takes text alone, a template. `before` is the value so far: what was one
 * pill in its own form stays in that form.
 */
export function valueOfPillText(text: string, before: Json | undefined, keepsType: boolean): Json {
  if (!text.includes('{{')) return text;
  const path = loneIsland(text);
  if (path === undefined) return { $tpl: text };
  const wasAlone = isTemplate(before) && loneIsland(before.$tpl) !== undefined;
  const isSame = isExpression(before) && before.$expr.trim() === writePath(path);
  return (keepsType && !wasAlone) || isSame ? { $expr: writePath(path) } : { $tpl: text };
}

/** A path as a part of a text. */
export function island(path: PillPath): string {
  return `{{ ${writePath(path)} }}`;
}

/** A text that stands in a template as itself; `isBeforeIsland` where `{{` follows it. */
export function literalText(text: string, isBeforeIsland = false): string {
  const escaped = text.replaceAll('{{', '{{ "{{" }}');
  return isBeforeIsland && escaped.endsWith('{') ? `${escaped.slice(0, -1)}{{ "{" }}` : escaped;
}

function loneIsland(text: string): PillPath | undefined {
  const [only] = pillsInTemplate(text);
  return only?.from === 0 && only.to === text.length && text.startsWith('{{') ? only.path : undefined;
}
