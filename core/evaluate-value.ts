import type { ExpressionContext } from './expression-context.ts';
import { ExpressionFailure, evaluateExpression, expressionFailure } from './expression.ts';
import { type Json, emptyObject, isJsonObject } from './json.ts';
import { parseTemplate } from './template.ts';
import { computedParts, isExpression, isTemplate } from './value.ts';

/**
 * A value with its expressions and templates evaluated, in document order. Values without any are given back as they are.
 *
 * An `$expr` that yields nothing (a missing field) is null wherever it stands. In a `$tpl` it is an error that names the
 * island, since text can show no gap: a default is written `{{ name ?? "unknown" }}`. Islands that yield numbers, booleans
 * or null become their JSON text, as do lists and objects; what is evaluated is never evaluated again.
 *
 * Throws `StepFailure` (`invalid`, `expression_failed`) with the field's pointer, which starts with `pointer`, and the
 * position in the expression or template.
 */
export async function evaluateValue(value: Json, context: ExpressionContext, pointer: string): Promise<Json> {
  if (isExpression(value)) return (await evaluateExpression(value.$expr, context, pointer)) ?? null;
  if (isTemplate(value)) return evaluateTemplate(value.$tpl, context, pointer);
  if (computedParts(value).length === 0) return value;
  if (Array.isArray(value)) return evaluateList(value as readonly Json[], context, pointer);
  return isJsonObject(value) ? evaluateObject(value, context, pointer) : value;
}

async function evaluateList(
  list: readonly Json[],
  context: ExpressionContext,
  pointer: string,
): Promise<Json> {
  const evaluated: Json[] = [];
  for (const [index, item] of list.entries())
    evaluated.push(await evaluateValue(item, context, `${pointer}/${index}`));
  return evaluated;
}

async function evaluateObject(
  object: Readonly<Record<string, Json>>,
  context: ExpressionContext,
  pointer: string,
): Promise<Json> {
  const evaluated = emptyObject();
  for (const [key, item] of Object.entries(object)) {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    evaluated[key] = await evaluateValue(item, context, at);
  }
  return evaluated;
}

async function evaluateTemplate(text: string, context: ExpressionContext, pointer: string): Promise<string> {
  const template = parseTemplate(text);
  if (!template.ok) throw expressionFailure(template.message, { pointer, position: template.position });
  let evaluated = '';
  for (const part of template.parts) {
    evaluated += part.kind === 'text' ? part.text : await evaluateIsland(part, context, pointer);
  }
  return evaluated;
}

async function evaluateIsland(
  island: { readonly source: string; readonly start: number },
  context: ExpressionContext,
  pointer: string,
): Promise<string> {
  const value = await evaluateExpression(island.source, context).catch((error: unknown) => {
    throw placedInTemplate(error, island.start, pointer);
  });
  if (value === undefined) {
    const name = island.source.trim();
    const message = `{{ ${name} }} has no value. Give it a default, such as {{ ${name} ?? "" }}`;
    throw expressionFailure(message, { pointer, position: island.start });
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Positions count from the start of the template, not of the island. */
function placedInTemplate(error: unknown, start: number, pointer: string): unknown {
  if (!(error instanceof ExpressionFailure)) return error;
  return expressionFailure(error.reason, { pointer, position: (error.error.position ?? 0) + start });
}
