import type { Json } from '#core/json.ts';
import { sourceToTemplate, templateToSource } from '#core/pills/template-source.ts';
import { isExpression, isTemplate } from '#core/value.ts';

/** How a setting's value is written. */
export type ValueMode = 'literal' | 'expression' | 'template';

/** How this value is written. */
export function modeOf(value: Json | undefined): ValueMode {
  if (isExpression(value)) return 'expression';
  return isTemplate(value) ? 'template' : 'literal';
}

/** The text that a person edits: the source of an expression or template, or the literal as text. */
export function textOf(value: Json | undefined): string {
  if (isExpression(value)) return value.$expr;
  if (isTemplate(value)) return value.$tpl;
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The value for text typed into a text setting. `{{` makes a template of it; `=` as the first letter of an empty field,
 * or in place of all that was there, makes it an expression. Once an expression, it stays one until it is switched back.
 */
export function valueFromText(text: string, before: Json | undefined): Json {
  if (isExpression(before)) return { $expr: text };
  const was = textOf(before);
  if (text.startsWith('=') && (was === '' || (text === '=' && !was.startsWith('='))))
    return { $expr: text.slice(1).trimStart() };
  return text.includes('{{') ? { $tpl: text } : text;
}

/** The same value, written as an expression. */
export function toExpression(value: Json | undefined): Json {
  if (isExpression(value)) return value;
  if (isTemplate(value)) return { $expr: templateToSource(value.$tpl) };
  if (value === undefined || value === '') return { $expr: '' };
  return { $expr: JSON.stringify(value) };
}

/**
 * The value of an expression written as a literal where it is one; for text, else, the template that it joins or one around
 * it. Undefined where there is no such literal.
 */
export function toLiteral(value: Json | undefined, isText: boolean): Json | undefined {
  if (!isExpression(value)) return value;
  const source = value.$expr.trim();
  if (source === '') return isText ? '' : undefined;
  const parsed = parseLiteral(source);
  if (parsed !== undefined && (!isText || typeof parsed === 'string')) return parsed;
  return isText ? { $tpl: sourceToTemplate(source) ?? `{{ ${source} }}` } : undefined;
}

function parseLiteral(source: string): Json | undefined {
  try {
    return JSON.parse(source) as Json;
  } catch {
    // Not a literal but an expression proper.
    return undefined;
  }
}
