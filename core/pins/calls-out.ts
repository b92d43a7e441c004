import type { FlowNode } from '../flow-document.ts';

/** Steps of the core that reach beyond their own run: another flow, a person. */
const BEYOND = new Set(['core.call', 'core.approval']);

/** True for a step that reaches beyond its run, so that a rehearsal needs its answer. All else is carried out as ever. */
export function callsOut({ type }: Pick<FlowNode, 'type'>): boolean {
  return !type.startsWith('core.') || BEYOND.has(type);
}
