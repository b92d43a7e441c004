import { type RootName, rootNames } from './expression/syntax-tree.ts';
import { compileExpression } from './expression/compile.ts';
import { parseTemplate } from './template.ts';
import { type ExpressionValue, type TemplateValue, isExpression } from './value.ts';

/** A name that an expression reads from its context, with its place in the `$expr` or `$tpl` text. */
export interface ContextReference {
  /** `steps`, `trigger` … or whatever else stands there; `$steps` counts as `steps`. */
  readonly name: string;
  /** For `steps.map`: `map`, and where it is written, quotes included. */
  readonly step: { readonly nodeId: string; readonly start: number; readonly end: number } | undefined;
  /** Offset after the name (after the node's id, for steps). */
  readonly position: number;
}

/** The context names in a computed value; none where it does not parse. */
export function contextReferences(value: ExpressionValue | TemplateValue): readonly ContextReference[] {
  if (isExpression(value)) return referencesIn(value.$expr, 0);
  const template = parseTemplate(String(value.$tpl));
  if (!template.ok) return [];
  return template.parts.flatMap((part) =>
    part.kind === 'island' ? referencesIn(part.source, part.start) : [],
  );
}

function referencesIn(source: string, offset: number): readonly ContextReference[] {
  const compiled = compileExpression(source);
  if (!compiled.ok) return [];
  return rootNames(compiled.program.ast()).flatMap((root) => {
    if (root.name.startsWith('$') && root.name !== '$steps') return [];
    const step = root.next === undefined ? undefined : stepAt(source, root.next, offset);
    const name = root.name.replace('$', '');
    return [{ name, step: name === 'steps' ? step : undefined, position: offset + (root.next ?? root).end }];
  });
}

/** JSONata gives the end of a name; its start follows from how it is quoted. */
function stepAt(
  source: string,
  next: NonNullable<RootName['next']>,
  offset: number,
): ContextReference['step'] {
  const quote = source[next.end - 1] ?? '';
  const isQuoted = quote === '`' || quote === '"' || quote === "'";
  const start = next.end - next.name.length - (isQuoted ? 2 : 0);
  const written = source.slice(start, next.end);
  const expected = isQuoted ? `${quote}${next.name}${quote}` : next.name;
  return written === expected
    ? { nodeId: next.name, start: offset + start, end: offset + next.end }
    : undefined;
}
