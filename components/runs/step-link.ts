import type { IterationPlace } from '#components/api/loops.ts';
import type { Step } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { stepKey } from './node-states.ts';

type StepPlace = Pick<Step, 'nodeId' | 'key'>;

/** The page of a run, opened at a step. */
export function stepHref(runId: string, { nodeId, key }: StepPlace): string {
  const query = new URLSearchParams(key === '' ? { node: nodeId } : { node: nodeId, key });
  return `/runs/${encodeURIComponent(runId)}?${query.toString()}`;
}

/** What a step's key, as `stepKey` makes it, is in the address. */
export function placeOf(key: string): { readonly node: string; readonly key: string | null } {
  const at = key.indexOf(':');
  return at === -1 ? { node: key, key: null } : { node: key.slice(0, at), key: key.slice(at + 1) };
}

/** The step that an address names, and the item of its loop to look into; undefined for a node that the flow does not have. */
export function linkedStep(
  { nodes }: Pick<FlowDocument, 'nodes'>,
  nodeId: string,
  key: string,
): { readonly step: string; readonly iteration: IterationPlace | null } | undefined {
  const node = nodes.find(({ id }) => id === nodeId);
  if (node === undefined || !/^(\d{1,6}(\.\d{1,6})*)?$/.test(key)) return undefined;
  const { parent } = node;
  if (parent === undefined || key === '') return { step: stepKey({ nodeId, key: '' }), iteration: null };
  return { step: stepKey({ nodeId, key }), iteration: { loopId: parent, key } };
}
