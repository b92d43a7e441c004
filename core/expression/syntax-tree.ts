import type jsonata from 'jsonata';

/** A part of JSONata's syntax tree. Its own type is incomplete, so fields are looked at before they are used. */
export type SyntaxNode = { readonly type?: string; readonly value?: unknown; readonly position?: number } & {
  readonly [field: string]: unknown;
};

/** A name at the outermost level of an expression, and the name that follows it: `steps` and `map` in `steps.map.title`. */
export interface RootName {
  readonly name: string;
  /** Offset after the name. */
  readonly end: number;
  readonly next: { readonly name: string; readonly end: number } | undefined;
}

/** Every node of a tree, in no promised order. */
export function allNodes(tree: jsonata.ExprNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const seen = new Set<object>();
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || value instanceof RegExp || seen.has(value)) continue;
    seen.add(value);
    if (!Array.isArray(value)) found.push(value as SyntaxNode);
    open.push(...Object.values(value));
  }
  return found;
}

/**
 * The names that are looked up in the expression's context. A name behind a dot, in a predicate or in a sort term is looked
 * up in an item instead, and is not listed; after `$$` it is in the context again; `$steps` is the same as `steps`.
 */
export function rootNames(tree: jsonata.ExprNode): readonly RootName[] {
  const found: RootName[] = [];
  visit(tree as unknown as SyntaxNode, true, found);
  return found;
}

function visit(node: SyntaxNode, atRoot: boolean, found: RootName[]): void {
  if (node.type === 'path') return visitPath(node, atRoot, found);
  if (node.type === 'variable') noteVariable([node], found);
  const below = atRoot && node.type !== 'transform';
  for (const [field, value] of Object.entries(node)) {
    const isItemwise = field === 'predicate' || field === 'stages' || field === 'group' || field === 'terms';
    visitField(value, below && !isItemwise, found);
  }
}

function visitField(value: unknown, atRoot: boolean, found: RootName[]): void {
  if (Array.isArray(value)) for (const item of value) visitField(item, atRoot, found);
  else if (isNode(value)) visit(value, atRoot, found);
}

function visitPath(path: SyntaxNode, atRoot: boolean, found: RootName[]): void {
  const steps = Array.isArray(path['steps']) ? (path['steps'] as readonly SyntaxNode[]) : [];
  const [first, ...rest] = steps;
  if (first === undefined) return;
  noteVariable(steps, found);
  if (first.type === 'name' && atRoot) noteName(steps, found);
  if (first.type === 'name') visitItemwise(first, found);
  else if (first.type !== 'variable') visit(first, atRoot, found);
  else visitItemwise(first, found);
  for (const step of rest) visit(step, false, found);
  visitField(path['group'], false, found);
}

function visitItemwise(step: SyntaxNode, found: RootName[]): void {
  visitField(step['predicate'], false, found);
  visitField(step['stages'], false, found);
}

function noteVariable(steps: readonly SyntaxNode[], found: RootName[]): void {
  const [first, ...rest] = steps;
  if (first?.type !== 'variable') return;
  if (first.value === '$') noteName(rest, found);
  // `$` alone is the context only where the context is; to take it for that everywhere would accuse the innocent.
  else if (first.value !== '') noteName(steps, found, '$');
}

function noteName([first, second]: readonly SyntaxNode[], found: RootName[], sigil = ''): void {
  if (first === undefined || typeof first.value !== 'string') return;
  if (first.type !== 'name' && sigil === '') return;
  const next = second?.type === 'name' && typeof second.value === 'string' ? second : undefined;
  found.push({
    name: `${sigil}${first.value}`,
    end: first.position ?? 0,
    next: next === undefined ? undefined : { name: String(next.value), end: next.position ?? 0 },
  });
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && !(value instanceof RegExp);
}
