import { compileExpression } from '../expression/compile.ts';
import type { SyntaxNode } from '../expression/syntax-tree.ts';

/** Names from the context on, lists passed through: `trigger`, `body`, `lines`, `sku`. */
export type ReadPath = readonly string[];

/**
 * Every path that an expression reads, those inside filters, mappings and functions included, as far as it can be told
 * without running it; none where it does not parse. `item`: what stands for `item` in a loop.
 */
export function readPaths(source: string, item?: ReadPath): readonly ReadPath[] {
  const compiled = compileExpression(source);
  if (!compiled.ok) return [];
  const reader = new Reader(item);
  reader.read(compiled.program.ast() as unknown as SyntaxNode, { here: [], names: {} });
  return reader.found;
}

interface Scope {
  /** Where names begin; undefined in a value that was computed. */
  readonly here: ReadPath | undefined;
  readonly names: Record<string, ReadPath | undefined>;
}

/** Functions that give the items of their first argument to a function. */
const ITEMWISE: ReadonlySet<unknown> = new Set(['map', 'filter', 'single', 'each', 'sift', 'sort', 'reduce']);
/** Functions that give back what they were given, in another order or number. */
const SAME: ReadonlySet<unknown> = new Set([
  'filter',
  'single',
  'sort',
  'reverse',
  'distinct',
  'shuffle',
  'append',
]);

class Reader {
  readonly found: ReadPath[] = [];
  readonly #item: ReadPath | undefined;

  constructor(item: ReadPath | undefined) {
    this.#item = item;
  }

  /** The path that a part stands for; undefined for what is computed. */
  read(node: SyntaxNode, scope: Scope): ReadPath | undefined {
    switch (node.type) {
      case 'path':
        return this.#path(node, scope);
      case 'name':
      case 'variable':
        return this.#note(this.#step(node, scope), node, scope);
      case 'bind': {
        const path = this.read(node['rhs'] as SyntaxNode, scope);
        scope.names[String((node['lhs'] as SyntaxNode).value)] = path;
        return path;
      }
      case 'block': {
        const inner = { ...scope, names: { ...scope.names } };
        return nodesIn(node['expressions'])
          .map((each) => this.read(each, inner))
          .at(-1);
      }
      case 'function':
        return this.#call(node, scope);
      default:
        for (const below of Object.values(node).flatMap(nodesIn)) this.read(below, scope);
        return undefined;
    }
  }

  #path(node: SyntaxNode, scope: Scope): ReadPath | undefined {
    let here: ReadPath | undefined = scope.here;
    for (const [at, step] of nodesIn(node['steps']).entries()) {
      const isName = step.type === 'name' || step.type === 'variable';
      const inner = { ...scope, here };
      here = isName ? this.#step(step, inner) : this.read(step, at === 0 ? scope : inner);
      if (step.type === 'sort') here = inner.here;
      this.#filters(step, { ...scope, here });
    }
    for (const below of nodesIn(node['group'])) this.read(below, { ...scope, here });
    if (here && here.length > 0) this.found.push(here);
    return here;
  }

  #step(step: SyntaxNode, { here, names }: Scope): ReadPath | undefined {
    const name = String(step.value);
    if (step.type === 'name') return here && this.#resolve([...here, name]);
    if (name === '') return here;
    if (name === '$') return [];
    return name in names ? names[name] : this.#resolve([name]);
  }

  #resolve(path: ReadPath): ReadPath {
    return path[0] === 'item' && this.#item ? [...this.#item, ...path.slice(1)] : path;
  }

  #note(path: ReadPath | undefined, node: SyntaxNode, scope: Scope): ReadPath | undefined {
    this.#filters(node, { ...scope, here: path });
    if (path && path.length > 0) this.found.push(path);
    return path;
  }

  #filters(step: SyntaxNode, scope: Scope): void {
    for (const part of ['predicate', 'stages', 'group'] as const)
      for (const below of nodesIn(step[part])) this.read(below, scope);
  }

  #call(node: SyntaxNode, scope: Scope): ReadPath | undefined {
    const [first, ...rest] = nodesIn(node['arguments']);
    const name = (node['procedure'] as SyntaxNode | undefined)?.value;
    const path = first && this.read(first, scope);
    for (const other of rest) {
      if (other.type !== 'lambda') this.read(other, scope);
      else this.#lambda(other, scope, ITEMWISE.has(name) ? path : undefined);
    }
    return SAME.has(name) ? path : undefined;
  }

  #lambda(node: SyntaxNode, scope: Scope, item: ReadPath | undefined): void {
    const [first, ...others] = nodesIn(node['arguments']).map(({ value }) => String(value));
    const names = { ...scope.names };
    for (const name of others) names[name] = undefined;
    if (first !== undefined) names[first] = item;
    this.read(node['body'] as SyntaxNode, { ...scope, names });
  }
}

function nodesIn(value: unknown): readonly SyntaxNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return typeof value === 'object' && value !== null && !(value instanceof RegExp)
    ? [value as SyntaxNode]
    : [];
}
