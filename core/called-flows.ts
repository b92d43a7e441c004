import type { FlowDocument } from './flow-document.ts';

/** A flow that another one starts. */
export interface CalledFlow {
  readonly slug: string;
  /** The nodes that call it; none when only failed runs start it. */
  readonly nodeIds: readonly string[];
  readonly isOnFailure: boolean;
}

/** The flows that a flow starts: those that its nodes call by a fixed slug, and the one for failed runs. Each once. */
export function calledFlows({ nodes, settings }: FlowDocument): CalledFlow[] {
  const calls = nodes.flatMap(({ id, type, config }) =>
    type === 'core.call' && typeof config['flow'] === 'string' ? [{ id, slug: config['flow'] }] : [],
  );
  const bySlug = Map.groupBy(calls, ({ slug }) => slug);
  if (settings.onFailure !== undefined && !bySlug.has(settings.onFailure)) bySlug.set(settings.onFailure, []);
  return [...bySlug].map(([slug, callers]) => ({
    slug,
    nodeIds: callers.map(({ id }) => id),
    isOnFailure: slug === settings.onFailure,
  }));
}
