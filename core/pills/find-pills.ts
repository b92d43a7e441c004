import { definedNames } from '../expression/check-tree.ts';
import { compileExpression } from '../expression/compile.ts';
import { allNodes, rootNames } from '../expression/syntax-tree.ts';
import { CONTEXT_NAMES } from '../expression-context.ts';
import { findIslands } from '../template.ts';

import { type PillPath, readPathAt } from './pill-path.ts';

/** A pill and the part of the text that it stands for. */
export interface PlacedPill {
  readonly from: number;
  readonly to: number;
  readonly path: PillPath;
}

const CONTEXT: ReadonlySet<string> = new Set(CONTEXT_NAMES);

/**
 * The paths in an expression that can be drawn as pills, in order; null while it does not parse. `isOfItem`: the expression
 * is worked out for each item of a list, so plain names are fields of the item.
 */
export function pillsInExpression(source: string, isOfItem = false): readonly PlacedPill[] | null {
  const compiled = compileExpression(source);
  if (!compiled.ok) return source.trim() === '' ? [] : null;
  const tree = compiled.program.ast();
  const own = new Set(allNodes(tree).flatMap(definedNames));
  const found = rootNames(tree).flatMap(({ name, end }) => {
    const from = startOf(source, name, end);
    const read = from === undefined ? undefined : readPathAt(source, from, isOfItem);
    if (from === undefined || read === undefined) return [];
    return isPill(read.path, own) ? [{ from, to: read.end, path: read.path }] : [];
  });
  return withoutOverlaps(found);
}

/**
 * The pills in a template: an island that is nothing but a path is one, braces included; in other islands, the paths are.
 * Islands that are still being written are passed over.
 */
export function pillsInTemplate(text: string): readonly PlacedPill[] {
  return findIslands(text).flatMap(({ start, source }) => {
    const whole = wholePill(source);
    if (whole !== undefined) return [{ from: start - 2, to: start + source.length + 2, path: whole }];
    return (pillsInExpression(source) ?? []).map(({ from, to, path }) => ({
      from: from + start,
      to: to + start,
      path,
    }));
  });
}

/** The path that an expression consists of; undefined for any other. */
export function wholePill(source: string): PillPath | undefined {
  const text = source.trim();
  const [only] = pillsInExpression(text) ?? [];
  return only?.from === 0 && only.to === text.length ? only.path : undefined;
}

function startOf(source: string, name: string, end: number): number | undefined {
  const isQuoted = source[end - 1] === '`';
  const from = isQuoted ? end - name.length - 2 : end - name.length;
  const written = isQuoted ? `\`${name}\`` : name;
  // After a dot, as in `$$.trigger`, the pill would be a part of a longer path.
  return from >= 0 && source.slice(from, end) === written && source[from - 1] !== '.' ? from : undefined;
}

function isPill({ base, parts }: PillPath, ownVariables: ReadonlySet<string>): boolean {
  if (base === 'item') return true;
  if (base === 'variable' && ownVariables.has(String(parts[0]))) return false;
  return CONTEXT.has(String(parts[0])) && (parts[0] !== 'steps' || typeof parts[1] === 'string');
}

function withoutOverlaps(pills: readonly PlacedPill[]): readonly PlacedPill[] {
  const sorted = pills.toSorted((a, b) => a.from - b.from);
  return sorted.filter(({ from }, index) => from >= (sorted[index - 1]?.to ?? 0));
}
