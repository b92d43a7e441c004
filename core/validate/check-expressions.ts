import { CONTEXT_NAMES } from '../expression-context.ts';
import { compileExpression } from '../expression/compile.ts';
import { type Fault, jsonPointer } from '../fault.ts';
import type { FlowEdge, FlowNode } from '../flow-document.ts';
import { comesBefore } from '../graph.ts';
import { type Json, type JsonObject, isJsonObject } from '../json.ts';
import { type ContextReference, contextReferences } from '../step-references.ts';
import { parseTemplate } from '../template.ts';
import { type ComputedPart, computedParts, isExpression } from '../value.ts';
import { computedSettings } from './computed-settings.ts';
import { type FlowView, type ViewNode, nodeFault } from './flow-view.ts';

type Finding = Pick<Fault, 'level' | 'code' | 'message'>;

/** What an expression may read where it stands. */
interface Scope {
  readonly hasOutputOf: (nodeId: string) => boolean;
  readonly inLoop: boolean;
  /** The names that a setting knows, where those are not the usual ones. */
  readonly namesOf?: (setting: string) => readonly string[] | undefined;
}

/** Expressions that do not parse, and names in them that mean nothing where they stand. */
export function checkExpressions(view: FlowView): readonly Fault[] {
  const graph = graphOf(view);
  const beforeAnyStep: Scope = { hasOutputOf: () => false, inLoop: false };
  return [
    ...view.nodes.flatMap((node) => {
      const scope = scopeOf(node, graph);
      return findings(node.config, view, scope).map(({ place, finding }) =>
        nodeFault(node, `/config${place}`, finding),
      );
    }),
    ...computedSettings(view).flatMap(({ pointer, value }) =>
      findings(value, view, beforeAnyStep).map(({ place, finding }) => ({
        ...finding,
        pointer: `${pointer}${place}`,
      })),
    ),
  ];
}

function graphOf(view: FlowView): { readonly nodes: FlowNode[]; readonly edges: FlowEdge[] } {
  const nodes = view.nodes.filter((node): node is ViewNode & FlowNode => node.id !== undefined);
  return { nodes, edges: [...view.edges] };
}

function scopeOf({ id, parent, nodeType }: ViewNode, graph: ReturnType<typeof graphOf>): Scope {
  return {
    hasOutputOf: (nodeId) => id !== undefined && comesBefore(graph, nodeId, id),
    inLoop: parent !== undefined,
    namesOf: (setting) => nodeType?.names?.(setting),
  };
}

function findings(value: Json, view: FlowView, scope: Scope): readonly { place: string; finding: Finding }[] {
  return readingsOf(value).flatMap((reading) =>
    [...reading.syntax, ...nameFindings(reading, view, scope)].map((finding) => ({
      place: reading.place,
      finding,
    })),
  );
}

/** What is known of one expression or template by itself, wherever it stands. */
interface Reading {
  readonly setting: string;
  readonly place: string;
  readonly syntax: readonly Finding[];
  readonly references: readonly ContextReference[];
}

const known = new WeakMap<JsonObject, readonly Reading[]>();

/** Remembered: while one node is edited, the settings of all others are the same objects as before. */
function readingsOf(value: Json): readonly Reading[] {
  const remembered = isJsonObject(value) ? known.get(value) : undefined;
  if (remembered !== undefined) return remembered;
  const readings = computedParts(value).map((part): Reading => ({
    setting: String(part.path[0]),
    place: jsonPointer(part.path),
    syntax: syntaxFindings(part),
    references: contextReferences(part.value),
  }));
  if (isJsonObject(value)) known.set(value, readings);
  return readings;
}

const CONDITIONS: ReadonlySet<unknown> = new Set(['condition', 'when']);

function syntaxFindings({ value, path }: ComputedPart): readonly Finding[] {
  if (isExpression(value)) {
    if (String(value.$expr).trim() === '') {
      const message = CONDITIONS.has(path.at(-1)) ? 'Write a condition.' : 'Write an expression.';
      return [{ level: 'blocks_publish', code: 'expression_syntax', message }];
    }
    const compiled = compileExpression(value.$expr);
    if (compiled.ok) return [];
    const message = `The expression has a fault at character ${compiled.position}: ${compiled.message}.`;
    return [{ level: 'blocks_publish', code: 'expression_syntax', message }];
  }
  const template = parseTemplate(String(value.$tpl));
  if (template.ok) return [];
  const message = `The text has a fault at character ${template.position}: ${template.message}.`;
  return [{ level: 'blocks_publish', code: 'template_syntax', message }];
}

function nameFindings({ setting, references }: Reading, view: FlowView, scope: Scope): readonly Finding[] {
  const names = scope.namesOf?.(setting);
  return references.flatMap((reference) => {
    const found =
      reference.step === undefined
        ? nameFinding(reference, scope, names)
        : stepFinding(reference, view, scope);
    return found === undefined ? [] : [found];
  });
}

function stepFinding(
  { step, position }: ContextReference,
  view: FlowView,
  scope: Scope,
): Finding | undefined {
  if (step === undefined || scope.hasOutputOf(step.nodeId)) return undefined;
  const at = `at character ${position}`;
  if (!view.byId.has(step.nodeId)) {
    const message = `There is no step "${step.nodeId}" (${at}). Choose one that is in the flow.`;
    return { level: 'blocks_publish', code: 'expression_unknown_step', message };
  }
  const message = `The step "${step.nodeId}" does not come before this one (${at}), so it has no output yet.`;
  return { level: 'blocks_publish', code: 'expression_step_not_before', message };
}

/** Only a warning: JSONata gives nothing for a name that it does not know, and somebody may count on that. */
function nameFinding(
  { name, position }: ContextReference,
  scope: Scope,
  names: readonly string[] | undefined,
): Finding | undefined {
  if (names !== undefined) {
    if (names.includes(name)) return undefined;
    const message = `"${name}" means nothing in this setting (at character ${position}). Start with ${names.join(', ')}.`;
    return { level: 'warning', code: 'expression_unknown_name', message };
  }
  const isLoopName = name === 'item' || name === 'index';
  const known = CONTEXT_NAMES.some((each) => each === name) && (!isLoopName || scope.inLoop);
  if (known) return undefined;
  const message = isLoopName
    ? `"${name}" has a value only inside a loop (at character ${position}).`
    : `"${name}" means nothing here (at character ${position}). Start with ${CONTEXT_NAMES.join(', ')}.`;
  return { level: 'warning', code: 'expression_unknown_name', message };
}
