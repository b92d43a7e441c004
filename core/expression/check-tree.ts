import type jsonata from 'jsonata';

import { FUNCTION_HELP } from './functions/function-help.ts';
import { compileRegex } from './regex-engine.ts';
import { type SyntaxNode, allNodes } from './syntax-tree.ts';

/** What is wrong with an expression. `position` counts characters from the start of it. */
export interface ExpressionFault {
  readonly message: string;
  readonly position: number;
}

/** What expressions can call; `eval` is not among it. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set(FUNCTION_HELP.map(({ name }) => name));

const NO_EVAL = '$eval is not available: it would run text that nobody checked';

/** What parses but could not run: unknown functions, and regular expressions that the engine does not know. */
export function checkTree(tree: jsonata.ExprNode): ExpressionFault | null {
  const nodes = allNodes(tree);
  const own = new Set(nodes.flatMap(definedNames));
  for (const node of nodes) {
    const message = clonesItself(node) ?? unknownFunction(node, own) ?? badRegex(node);
    if (message !== undefined) return { message, position: positionOf(node) };
  }
  return null;
}

/** `~> |…|…|` copies by `$clone` as it finds it; a tame one would let it change the data of other steps. */
function clonesItself(node: SyntaxNode): string | undefined {
  if (!definedNames(node).includes('clone')) return undefined;
  return '$clone is what transforms copy with. Give your own another name';
}

function unknownFunction(node: SyntaxNode, own: ReadonlySet<string>): string | undefined {
  if (node.type === 'variable' && node.value === 'eval') return NO_EVAL;
  if (node.type !== 'function' && node.type !== 'partial') return undefined;
  const procedure = node['procedure'] as SyntaxNode | undefined;
  if (procedure?.type !== 'variable' || typeof procedure.value !== 'string') return undefined;
  if (procedure.value === 'eval') return NO_EVAL;
  if (FUNCTION_NAMES.has(procedure.value) || own.has(procedure.value)) return undefined;
  return `There is no function $${procedure.value}`;
}

function badRegex(node: SyntaxNode): string | undefined {
  if (node.type !== 'regex' || !(node.value instanceof RegExp)) return undefined;
  try {
    compileRegex(node.value);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Variables that an expression makes itself, wherever: `$x := 1`, `function($x) {}`, `@$x`, `#$i`. */
export function definedNames(node: SyntaxNode): readonly string[] {
  const bound = node.type === 'bind' ? [node['lhs'] as SyntaxNode] : [];
  const parameters = node.type === 'lambda' ? (node['arguments'] as readonly SyntaxNode[]) : [];
  const steps = [node['focus'], node['index']].filter((name) => typeof name === 'string');
  return [...[...bound, ...parameters].map((variable) => String(variable.value)), ...steps];
}

function positionOf(node: SyntaxNode): number {
  const procedure = node['procedure'] as SyntaxNode | undefined;
  return procedure?.position ?? node.position ?? 0;
}
