import type { FlowNode } from '#core/flow-document.ts';

import { beforeEach, type Before, outerKey } from './before.ts';
import { callsByStep } from './check-calls.ts';
import type { Evidence } from './evidence.ts';
import type { FarCall } from './far-end.ts';
import type { FoundStep } from './found-run.ts';
import { type Prediction, stepName } from './prediction.ts';

type Calls = ReadonlyMap<string, readonly FarCall[]>;

/** Whether steps and calls came after what they depend on, and loops kept to their concurrency. One line for each fault. */
export function checkOrder(predicted: Prediction, evidence: Evidence): string[] {
  const before = beforeEach(evidence.document, predicted);
  const calls = callsByStep(evidence.calls);
  return [
    ...[...before].flatMap(([name, each]) => checkJournal(name, each, evidence)),
    ...[...before].flatMap(([name, each]) => checkLedger(name, each, { calls, evidence })),
    ...evidence.document.nodes
      .filter((node) => node.type === 'core.each')
      .flatMap((loop) => checkLoop(loop, { calls, evidence })),
  ];
}

/** By the journal's clock, a step began no sooner than what it waits for was over. */
function checkJournal(name: string, { sources, join }: Before, { found }: Evidence): string[] {
  const step = found.steps.get(name);
  if (step?.startedAt == null || !['succeeded', 'failed'].includes(step.status)) return [];
  const ends = sources.flatMap((source) => {
    const at = found.steps.get(source);
    return at === undefined || at.finishedAt === null || at.status === 'skipped' ? [] : [at.finishedAt];
  });
  if (ends.length === 0) return [];
  const due = join === 'any' ? Math.min(...ends) : Math.max(...ends);
  return step.startedAt >= due
    ? []
    : [`${name} began ${due - step.startedAt} ms before what it waits for was over`];
}

/**
 * By the far end's ledger, a call came after all calls that must be over before it. Before a call that changes
 * something, they are committed, so that no crash ever repeats them later; one that only reads may come before that.
 */
function checkLedger(
  name: string,
  { steps }: Before,
  { calls, evidence }: { readonly calls: Calls; readonly evidence: Evidence },
): string[] {
  const own = calls.get(name) ?? [];
  const [first] = own;
  if (first === undefined) return [];
  const isFirm = first.method !== 'GET' || evidence.deaths === 0;
  return [...steps].flatMap((earlier) => {
    const others = calls.get(earlier) ?? [];
    if (others.length === 0) return [];
    const isAfter = isFirm
      ? others.every((call) => call.arrived < first.arrived)
      : others.some((call) => call.ended !== null && call.ended < first.arrived);
    const hasEnded = others.some((call) => call.ended !== null && call.ended < first.arrived);
    return isAfter && hasEnded ? [] : [`${name} called the far end before ${earlier} was done with it`];
  });
}

/** Iterations begin in item order, at most `concurrency` at a time. */
function checkLoop(
  loop: FlowNode,
  { calls, evidence }: { readonly calls: Calls; readonly evidence: Evidence },
): string[] {
  const most = Number(loop.config['concurrency'] ?? 1);
  const { found, deaths } = evidence;
  const inside = bodyOf(loop, evidence);
  const rows = [...found.steps.values()].filter((step) => inside.has(step.nodeId) && step.startedAt !== null);
  const faults = [...Map.groupBy(rows, (step) => loopKey(loop, step, evidence))].flatMap(([key, steps]) =>
    checkSpans(loop.id, most, {
      key,
      isInOrder: deaths === 0,
      spans: spansOf(steps.map(journalSpan(key))),
    }),
  );
  if (deaths > 0) return faults;
  const made = evidence.calls.filter(
    (call) => inside.has(call.nodeId) && calls.has(stepName(call.nodeId, call.key)),
  );
  return [
    ...faults,
    ...[...Map.groupBy(made, (call) => loopKey(loop, call, evidence))].flatMap(([key, some]) =>
      checkSpans(loop.id, most, { key, isInOrder: false, spans: spansOf(some.map(ledgerSpan(key))) }),
    ),
  ];
}

interface Span {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

function checkSpans(
  loopId: string,
  most: number,
  {
    key,
    spans,
    isInOrder,
  }: { readonly key: string; readonly spans: readonly Span[]; readonly isInOrder: boolean },
): string[] {
  return spans.flatMap((span, place) => {
    const earlier = spans.slice(0, place);
    const open = earlier.filter((other) => other.to > span.from).length;
    const faults: string[] = [];
    if (open >= most)
      faults.push(`iteration ${span.index} of ${loopId} "${key}" began while ${open} others were open`);
    if (isInOrder && earlier.some((other) => other.from > span.from))
      faults.push(`iteration ${span.index} of ${loopId} "${key}" began before an earlier one`);
    return faults;
  });
}

/** One span for each iteration, in item order. */
function spansOf(parts: readonly Span[]): Span[] {
  return [...Map.groupBy(parts, (part) => part.index)]
    .map(([index, some]) => ({
      index,
      from: Math.min(...some.map((part) => part.from)),
      to: Math.max(...some.map((part) => part.to)),
    }))
    .sort((a, b) => a.index - b.index);
}

function journalSpan(key: string): (step: FoundStep) => Span {
  return (step) => {
    const from = step.startedAt ?? 0;
    return { index: indexIn(key, step.key), from, to: step.finishedAt ?? from };
  };
}

function ledgerSpan(key: string): (call: FarCall) => Span {
  return (call) => ({ index: indexIn(key, call.key), from: call.arrived, to: call.ended ?? call.arrived });
}

/** The place in the loop's path that follows the path of the loop itself. */
function indexIn(loopKey: string, key: string): number {
  return Number(key.split('.')[loopKey === '' ? 0 : loopKey.split('.').length]);
}

/** Nodes inside of a loop at any depth, without those that only undo. */
function bodyOf(loop: FlowNode, { document }: Evidence): ReadonlySet<string> {
  const undoes = new Set(document.nodes.map((node) => node.compensate));
  const inside = new Set([loop.id]);
  for (let before = 0; before !== inside.size;) {
    before = inside.size;
    for (const node of document.nodes)
      if (inside.has(node.parent ?? '') && !undoes.has(node.id)) inside.add(node.id);
  }
  inside.delete(loop.id);
  return inside;
}

/** The path of the loop step that a step inside of it belongs to. */
function loopKey(
  loop: FlowNode,
  { nodeId, key }: { nodeId: string; key: string },
  { document }: Evidence,
): string {
  let path = key;
  for (let at: string | undefined = nodeId; at !== undefined && at !== loop.id;) {
    path = outerKey(path);
    at = document.nodes.find((node) => node.id === at)?.parent;
  }
  return path;
}
