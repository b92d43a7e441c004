import { parseTemplate } from '../template.ts';

import { literalText } from './pill-text.ts';
import { splitTopLevel } from './split-top-level.ts';

/** `Order {{ a.b }}!` as the expression `"Order " & $string(a.b) & "!"`; a template of one island is that island. */
export function templateToSource(text: string): string {
  const template = parseTemplate(text);
  if (!template.ok) return JSON.stringify(text);
  const [only] = template.parts;
  if (template.parts.length === 1 && only?.kind === 'island') return only.source.trim();
  const parts = template.parts.map((part) =>
    part.kind === 'text' ? JSON.stringify(part.text) : `$string(${part.source.trim()})`,
  );
  return parts.length === 0 ? '""' : parts.join(' & ');
}

/** The way back: the template of an expression that joins texts and `$string(…)` by `&`; null for any other. */
export function sourceToTemplate(source: string): string | null {
  const terms = splitTopLevel(source, '&');
  if (terms === null || terms.length < 2) return null;
  const parts = terms.map((term, index) => textOfTerm(term.trim(), terms[index + 1]?.trim()));
  return parts.every((part) => part !== null) ? parts.join('') : null;
}

function textOfTerm(term: string, next: string | undefined): string | null {
  if (term.startsWith('"')) return parseText(term, next?.startsWith('$string(') === true);
  if (!term.startsWith('$string(') || !term.endsWith(')')) return null;
  const inner = term.slice('$string('.length, -1);
  // One argument, and not `$string(a) + $string(b)`.
  return splitTopLevel(inner, ',')?.length === 1 ? `{{ ${inner.trim()} }}` : null;
}

function parseText(term: string, isBeforeIsland: boolean): string | null {
  try {
    return literalText(JSON.parse(term) as string, isBeforeIsland);
  } catch {
    return null; // more than one text, or one that only JSONata reads
  }
}
