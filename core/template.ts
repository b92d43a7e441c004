import type { ExpressionFault } from './expression/check-tree.ts';
import { compileExpression } from './expression/compile.ts';
import { remember } from './expression/remember.ts';

/** A piece of a template: text as it stands, or the source of an island and where it starts in the template. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'island'; readonly source: string; readonly start: number };

export type Template =
  { readonly ok: true; readonly parts: readonly TemplatePart[] } | ({ readonly ok: false } & ExpressionFault);

/** An island that does not parse would otherwise be tried with every `}}` of a long text. */
const MAX_ENDS = 50;

/**
 * Splits a template at its `{{ … }}` islands. An island ends at the first `}}` that leaves a whole expression, so braces
 * inside it are no trouble; a literal `{{` is written `{{ "{{" }}`. The last thousand templates are remembered.
 */
export const parseTemplate: (text: string) => Template = remember(1_000, parse);

function parse(text: string): Template {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    if (open > at) parts.push({ kind: 'text', text: text.slice(at, open) });
    const start = open + 2;
    const end = islandEnd(text, start);
    if (typeof end !== 'number') return { ok: false, ...end };
    parts.push({ kind: 'island', source: text.slice(start, end), start });
    at = end + 2;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return { ok: true, parts };
}

/** The islands of a template, also of one with islands that are not finished: those are passed over. */
export function findIslands(text: string): readonly { readonly source: string; readonly start: number }[] {
  const islands: { source: string; start: number }[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    const start = open + 2;
    const end = islandEnd(text, start);
    if (typeof end === 'number') islands.push({ source: text.slice(start, end), start });
    at = typeof end === 'number' ? end + 2 : start;
  }
  return islands;
}

/** Where the island's source ends; what is wrong with its shortest reading when none can run. */
function islandEnd(text: string, start: number): number | ExpressionFault {
  let fault: ExpressionFault | undefined;
  let end = text.indexOf('}}', start);
  for (let tries = 0; end !== -1 && tries < MAX_ENDS; tries += 1) {
    const compiled = compileExpression(text.slice(start, end));
    if (compiled.ok) return end;
    fault ??= { message: compiled.message, position: start + compiled.position };
    end = text.indexOf('}}', end + 1);
  }
  return fault ?? { message: 'An island is opened with {{ but never closed with }}', position: start - 2 };
}
