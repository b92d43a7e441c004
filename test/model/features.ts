import type { FlowNode } from '#core/flow-document.ts';

import type { Evidence } from './evidence.ts';
import type { PredictedStep } from './prediction.ts';
import type { Verdict } from './judge.ts';

/** What runs may exercise; each is counted once for each flow that did. */
export const FEATURES = [
  ...['branch', 'switch_all', 'filter_stopped', 'join_all', 'join_any', 'skipped', 'stop', 'respond'],
  ...[
    'loop',
    'loop_empty',
    'loop_side_by_side',
    'nested_loop',
    'nested_loop_3',
    'item_continued',
    'loop_failed',
  ],
  ...['failed', 'on_error_continue', 'on_error_branch', 'expression_failed', 'cancelled_step'],
  ...['retried', 'retries_exhausted', 'connection_reset', 'once', 'wait'],
  ...['undone', 'partly_undone', 'undone_in_loop', 'worker_killed', 'resumed', 'several_outcomes'],
] as const;

export type Feature = (typeof FEATURES)[number];

/** What a run did exercise: not what stands in its flow, but what ran. */
export function featuresOf(
  { document, found, deaths }: Evidence,
  { prediction, how }: Verdict,
): ReadonlySet<Feature> {
  const features = new Set<Feature>();
  const note = (feature: Feature, holds: boolean): void => void (holds && features.add(feature));
  for (const step of prediction.steps.values()) {
    const node = document.nodes.find((each) => each.id === step.nodeId);
    if (node === undefined) continue;
    for (const feature of ofStep(step, node)) features.add(feature);
    const incoming = document.edges.filter((edge) => edge.to === node.id).length;
    const ran = step.status === 'succeeded' || step.status === 'failed';
    note('join_any', ran && incoming > 1 && node.join === 'any');
    note('join_all', ran && incoming > 1 && node.join !== 'any');
  }
  note('failed', prediction.status === 'failed');
  note('undone', prediction.undone.size > 0);
  note('partly_undone', prediction.compensation === 'partly_undone');
  note(
    'undone_in_loop',
    [...prediction.undone.values()].some((step) => step.key !== ''),
  );
  note('worker_killed', deaths > 0);
  note('resumed', found.epoch > 1);
  note('several_outcomes', how !== 'exact');
  return features;
}

function ofStep(step: PredictedStep, node: FlowNode): Feature[] {
  const failed = step.status === 'failed';
  const succeeded = step.status === 'succeeded';
  const found: (Feature | false)[] = [
    step.status === 'skipped' && 'skipped',
    step.status === 'cancelled' && 'cancelled_step',
    failed && node.onError === 'continue' && 'on_error_continue',
    failed && node.onError === 'branch' && 'on_error_branch',
    step.error?.code === 'expression_failed' && 'expression_failed',
    step.calls > 1 && succeeded && 'retried',
    step.calls > 1 && failed && 'retries_exhausted',
    step.error?.code === 'connection_reset' && 'connection_reset',
    node.effect === 'once' && step.arrivals > 0 && 'once',
    ...(succeeded ? ofType(step, node) : []),
    ...(node.type === 'core.each' && step.calls > 0 ? ofLoop(step, node) : []),
  ];
  return found.filter((feature) => feature !== false);
}

function ofType({ output }: PredictedStep, node: FlowNode): (Feature | false)[] {
  switch (node.type) {
    case 'core.if':
      return ['branch'];
    case 'core.switch':
      return ['branch', node.config['mode'] === 'all' && 'switch_all'];
    case 'core.filter':
      return [output === false && 'filter_stopped'];
    case 'core.stop':
      return ['stop'];
    case 'core.respond':
      return ['respond'];
    case 'core.wait':
      return ['wait'];
    default:
      return [];
  }
}

function ofLoop({ status, key, output }: PredictedStep, node: FlowNode): (Feature | false)[] {
  const depth = key === '' ? 1 : key.split('.').length + 1;
  const { results = [], errors = [] } = (output ?? {}) as { results?: unknown[]; errors?: unknown[] };
  return [
    'loop',
    depth >= 2 && 'nested_loop',
    depth >= 3 && 'nested_loop_3',
    status === 'succeeded' && results.length === 0 && 'loop_empty',
    results.length > 1 && Number(node.config['concurrency'] ?? 1) > 1 && 'loop_side_by_side',
    errors.length > 0 && 'item_continued',
    status === 'failed' && 'loop_failed',
  ];
}
