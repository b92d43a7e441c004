import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';

import type { JsonObject } from '#core/json.ts';

import type { CodeKind } from './code-lint.ts';
import { completePath } from './complete-path.ts';
import { FUNCTIONS } from './jsonata-functions.ts';

/** What can be written at the cursor: data paths from the examples, and JSONata's functions after `$`. */
export function completionsAt(
  context: CompletionContext,
  kind: CodeKind,
  scope: JsonObject | undefined,
): CompletionResult | null {
  const before = expressionBefore(context.state.sliceDoc(0, context.pos), kind);
  if (before === null) return null;
  const dollar = /(^|[^\w$`])(\$\w*)$/.exec(before);
  if (dollar?.[2] !== undefined) {
    return { from: context.pos - dollar[2].length, options: FUNCTIONS, validFor: /^\$\w*$/ };
  }
  const found = scope && completePath(before, scope);
  if (!found || (!context.explicit && !/[\w.`]$/.test(before))) return null;
  const options = found.items.map(({ text, name, detail }): Completion => ({
    label: name,
    apply: text,
    detail,
    type: 'property',
  }));
  return { from: context.pos - (before.length - found.from), options, validFor: /^`?\w*$/ };
}

/** The expression up to the cursor; null where the cursor is in plain text or in a quoted string. */
function expressionBefore(text: string, kind: CodeKind): string | null {
  if (kind === 'expression') return isInString(text) ? null : text;
  const open = text.lastIndexOf('{{');
  if (open < 0 || text.indexOf('}}', open) >= 0) return null;
  const island = text.slice(open + 2);
  return isInString(island) ? null : island;
}

function isInString(text: string): boolean {
  return (text.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1;
}
