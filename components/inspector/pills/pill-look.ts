import { nodeLabel } from '#components/canvas/node-ports.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { PillPath } from '#core/pills/pill-path.ts';
import { depthReached, sampleAt } from '#core/pills/sample-at.ts';
import { isComputed } from '#core/value.ts';

import { kindOfSample } from './sample-kind.ts';

/** What is known of the data that a setting can use. */
export interface PillFacts {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
  /** Example data, by the names of the expression context. */
  readonly scope: JsonObject;
  /** The sources whose examples are real data, `trigger` or a node's id: what they lack is missing. */
  readonly recorded: ReadonlySet<string>;
  /** While a list is mapped: that list, and an item of it, which paths of base `item` begin at. */
  readonly list?: PillPath;
  readonly item?: Json;
}

/** A pill as it is drawn. */
export interface PillLook {
  /** The node whose icon it has; undefined for what is of no node, such as `run`. */
  readonly node: Pick<FlowNode, 'type' | 'version'> | undefined;
  /** The step, by the name that people gave it. */
  readonly step: string;
  /** `body › id`; empty for all that the step put out. */
  readonly place: string;
  /** A few letters of the example; undefined where there is none. */
  readonly sample: string | undefined;
  /** `text`, `number`, `list of 3` … */
  readonly type: string | undefined;
  readonly isList: boolean;
  /** Why it leads nowhere. */
  readonly problem: string | undefined;
  /** True when the step is there, but the field is not in its newest data. */
  readonly isGone: boolean;
}

const ROOTS: Readonly<Record<string, string>> = {
  item: 'Item',
  index: 'Place in the list',
  run: 'Run',
  flow: 'Flow',
  vars: 'Variables',
};

/** How a pill looks, from what is known of the data. */
export function lookOfPill(path: PillPath, facts: PillFacts): PillLook {
  const node = nodeOf(path, facts);
  const value = sampleAt(path, facts.scope, facts.item);
  const rest = path.base === 'item' ? path.parts : path.parts.slice(isStep(path) ? 2 : 1);
  const missing = missingStep(path, node, facts) ?? missingItem(path, facts);
  const isGone = missing === undefined && isGoneFrom(path, node, facts);
  return {
    node,
    step: stepName(path, node, facts),
    place: placeOf(rest),
    sample: value === undefined ? undefined : shortSample(value),
    type: value === undefined ? undefined : kindOfSample(value).label,
    isList: Array.isArray(value),
    problem: missing ?? (isGone ? `“${placeOf(rest)}” is not in the newest data.` : undefined),
    isGone,
  };
}

/** Said for a pill to those who do not see it. */
export function spokenPill({ step, place, sample, problem }: PillLook): string {
  const about = problem ?? (sample === undefined ? undefined : `for example ${sample}`);
  return [`Pill: ${[step, place].filter(Boolean).join(' › ')}`, about].filter(Boolean).join(', ');
}

/** `body › lines [0] › sku`. */
export function placeOf(parts: readonly (string | number)[]): string {
  return parts
    .map((part, index) => (typeof part === 'number' ? ` [${part}]` : `${index > 0 ? ' › ' : ''}${part}`))
    .join('')
    .trim();
}

function isStep({ base, parts }: PillPath): boolean {
  return base !== 'item' && parts[0] === 'steps';
}

function nodeOf(path: PillPath, { document, catalog }: PillFacts): FlowNode | undefined {
  if (isStep(path)) return document.nodes.find(({ id }) => id === path.parts[1]);
  if (path.base === 'item' || path.parts[0] !== 'trigger') return undefined;
  return document.nodes.find(({ type, version }) => catalog(type, version)?.kind === 'trigger');
}

function stepName(path: PillPath, node: FlowNode | undefined, { catalog }: PillFacts): string {
  if (path.base === 'item') return 'Item';
  if (node) return nodeLabel(node, catalog);
  if (isStep(path)) return String(path.parts[1]);
  return ROOTS[String(path.parts[0])] ?? 'Event';
}

function missingStep(path: PillPath, node: FlowNode | undefined, { scope }: PillFacts): string | undefined {
  if (!isStep(path)) return undefined;
  if (!node) return `There is no step “${path.parts[1]}” in this flow.`;
  if (isJsonObject(scope.steps) && Object.hasOwn(scope.steps, node.id)) return undefined;
  return 'This step does not run before the one at hand.';
}

function missingItem({ base, parts }: PillPath, { scope }: PillFacts): string | undefined {
  const isOfLoop = base !== 'item' && (parts[0] === 'item' || parts[0] === 'index');
  return isOfLoop && !Object.hasOwn(scope, String(parts[0]))
    ? 'This step is in no loop, so there is no item.'
    : undefined;
}

/** Only data that was really there, or the fields that a Map node writes down itself, can lack a field. */
function isGoneFrom(path: PillPath, node: FlowNode | undefined, facts: PillFacts): boolean {
  const reached = depthReached(path, facts.scope, facts.item);
  if (reached === path.parts.length) return false;
  const source = isStep(path) ? String(path.parts[1]) : path.base === 'item' ? 'item' : String(path.parts[0]);
  const output = isStep(path) && node?.type === 'core.map' ? node.config.output : undefined;
  const isWritten = isJsonObject(output) && !isComputed(output) && reached === 2;
  return (facts.recorded.has(source) || isWritten) && !endsInNothing(path, reached, facts);
}

/** What was null in the example may be an object another time. */
function endsInNothing(path: PillPath, reached: number, facts: PillFacts): boolean {
  if (reached === 0) return path.base === 'item' && !isJsonObject(facts.item);
  const last = sampleAt({ ...path, parts: path.parts.slice(0, reached) }, facts.scope, facts.item);
  return last === null || (Array.isArray(last) && last.length === 0);
}

const MAX_SAMPLE = 24;

function shortSample(value: Json): string {
  const text = typeof value === 'string' ? value : kindOfSample(value).short;
  return text.length > MAX_SAMPLE ? `${text.slice(0, MAX_SAMPLE - 1)}…` : text;
}
