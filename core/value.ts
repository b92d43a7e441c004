import { type Json, type JsonObject, isJsonObject } from './json.ts';

/** A value that is computed: `{ "$expr": "<JSONata>" }`, of any type. */
export interface ExpressionValue extends JsonObject {
  readonly $expr: string;
}

/** A text with computed parts: `{ "$tpl": "Order {{ <JSONata> }}" }`, always a string. */
export interface TemplateValue extends JsonObject {
  readonly $tpl: string;
}

/** True for an object whose only key is `$expr`, holding text. */
export function isExpression(value: unknown): value is ExpressionValue {
  return holdsOnly(value, '$expr');
}

/** True for an object whose only key is `$tpl`, holding text. */
export function isTemplate(value: unknown): value is TemplateValue {
  return holdsOnly(value, '$tpl');
}

/** True for a value that is computed rather than taken as it stands (its own top level, not what is inside). */
export function isComputed(value: unknown): value is ExpressionValue | TemplateValue {
  return isExpression(value) || isTemplate(value);
}

/** A computed part of a value, and the way to it. */
export interface ComputedPart {
  readonly path: readonly (string | number)[];
  readonly value: ExpressionValue | TemplateValue;
}

/** Every `$expr` and `$tpl` in a value, outermost only, in document order. */
export function computedParts(value: Json, path: readonly (string | number)[] = []): readonly ComputedPart[] {
  if (isComputed(value)) return [{ path, value }];
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => computedParts(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => computedParts(item, [...path, key]));
}

function holdsOnly(value: unknown, key: '$expr' | '$tpl'): boolean {
  if (!isJsonObject(value) || !Object.hasOwn(value, key) || typeof value[key] !== 'string') return false;
  return Object.keys(value).length === 1;
}
