import type { RunPart } from '#components/canvas/editor-store.ts';
import { nodeLabel } from '#components/canvas/node-ports.ts';
import type { Run } from '#core/api/runs.ts';
import type { Catalog } from '#core/catalog.ts';
import type { Effect, FlowDocument } from '#core/flow-document.ts';
import { callsOut } from '#core/pins/calls-out.ts';
import { cutDocument } from '#core/pins/cut-document.ts';
import type { Pin, Pins } from '#core/pins/pin.ts';
import { pinsOfSet } from '#core/pins/pin-sets.ts';
import { pinsOfSteps } from '#core/pins/pins-of-steps.ts';
import { stepSummary } from '#core/replay/step-summary.ts';

/** A step that reaches beyond its run, as a test run announces it. */
export interface AnnouncedCall {
  readonly nodeId: string;
  readonly label: string;
  /** `POST https://api.example.com/orders`. */
  readonly summary: string;
  readonly effect: Effect | 'pure';
  /** What it can answer with instead; null where nothing is known. */
  readonly answer: { readonly pin: Pin; readonly source: 'pin' | 'run' } | null;
  /** `call` and `answer` where there is no choice: the node that is run alone, and those before it. */
  readonly fixed: 'call' | 'answer' | null;
}

export interface PlanSources {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
  /** The run whose data the editor shows. */
  readonly sampleRun: Run | null;
  /** Whose pins can answer. */
  readonly pinSet: string;
}

/** What a test run would call, in document order, and what could answer instead. */
export function effectsPlan(
  part: RunPart,
  { document, catalog, sampleRun, pinSet }: PlanSources,
): AnnouncedCall[] {
  const cut = part.kind === 'all' ? document : cutDocument(document, part.nodeId);
  const pinned = pinsOfSet(document, pinSet);
  const recorded = sampleRun ? pinsOfSteps(sampleRun.steps) : {};
  return cut.nodes.filter(callsOut).flatMap((node): AnnouncedCall[] => {
    const type = catalog(node.type, node.version);
    if (type?.kind === 'trigger') return [];
    const label = nodeLabel(node, catalog);
    const isAlone = part.kind === 'only' && part.nodeId === node.id;
    return [
      {
        nodeId: node.id,
        label,
        summary: stepSummary(node, label),
        effect: node.effect ?? type?.effect(node.config) ?? 'once',
        answer: answerFor(node.id, pinned, recorded),
        fixed: part.kind !== 'only' ? null : isAlone ? 'call' : 'answer',
      },
    ];
  });
}

function answerFor(nodeId: string, pins: Pins, recorded: Pins): AnnouncedCall['answer'] {
  const pinned = Object.hasOwn(pins, nodeId) ? pins[nodeId] : undefined;
  if (pinned) return { pin: pinned, source: 'pin' };
  const pin = Object.hasOwn(recorded, nodeId) ? recorded[nodeId] : undefined;
  return pin ? { pin, source: 'run' } : null;
}

export type CallChoices = Readonly<Record<string, 'call' | 'answer'>>;

/** Whether a step is called: as was chosen, else its pin answers where a person put one, else it is called. */
export function choiceOf(call: AnnouncedCall, choices: CallChoices): 'call' | 'answer' {
  if (call.fixed) return call.fixed;
  const byDefault = call.answer?.source === 'pin' ? 'answer' : 'call';
  return call.answer ? (choices[call.nodeId] ?? byDefault) : 'call';
}

/** The pins of a test run. */
export function pinsOfChoices(calls: readonly AnnouncedCall[], choices: CallChoices): Pins {
  return Object.fromEntries(
    calls.flatMap((call) =>
      call.answer && choiceOf(call, choices) === 'answer' ? [[call.nodeId, call.answer.pin]] : [],
    ),
  );
}
