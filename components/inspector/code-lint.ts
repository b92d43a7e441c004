import type { Diagnostic } from '@codemirror/lint';

import { checkExpression } from '#core/expression.ts';
import { parseTemplate } from '#core/template.ts';

export type CodeKind = 'expression' | 'template' | 'json' | 'javascript' | 'text';

/** What is wrong with the text, at its place. An empty field is not wrong here: whether it may be empty is the form's. */
export function lintCode(kind: CodeKind, text: string): Diagnostic[] {
  if (text.trim() === '') return [];
  const fault = faultOf(kind, text);
  if (!fault) return [];
  const from = Math.max(0, Math.min(fault.position, text.length - 1));
  return [{ from, to: Math.min(text.length, from + 1), severity: 'error', message: fault.message }];
}

function faultOf(kind: CodeKind, text: string): { message: string; position: number } | null {
  switch (kind) {
    case 'expression':
      return checkExpression(text);
    case 'template': {
      const template = parseTemplate(text);
      return template.ok ? null : template;
    }
    case 'json':
      return jsonFault(text);
    // JavaScript is checked by its own grammar, see `javascript.ts`.
    case 'javascript':
    case 'text':
      return null;
  }
}

function jsonFault(text: string): { message: string; position: number } | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { message: `This is not JSON: ${message}`, position: jsonErrorPosition(message, text) };
  }
}

/** Engines tell the place as `position 12` or `line 1 column 5`; at the end of the text when they tell none. */
function jsonErrorPosition(message: string, text: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const place = /line (\d+) column (\d+)/.exec(message);
  if (!place) return text.length;
  const before = text.split('\n').slice(0, Number(place[1]) - 1);
  return before.join('\n').length + (before.length > 0 ? 1 : 0) + Number(place[2]) - 1;
}
