import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

/** A flow that is started by hand and maps its input; no faults. */
export function manualFlow(slug: string, rest: Partial<FlowDocument> = {}): FlowDocument {
  return {
    ...emptyFlow(slug),
    nodes: [
      { id: 'start', type: 'core.manual', version: 1, config: {} },
      { id: 'map', type: 'core.map', version: 1, config: { output: { echo: { $expr: 'trigger.body' } } } },
    ],
    edges: [{ from: 'start', to: 'map' }],
    ...rest,
  };
}

/** A flow that starts from a webhook, without a signature; no faults. */
export function webhookFlow(slug: string, hook: Partial<FlowNode> = {}): FlowDocument {
  return {
    ...emptyFlow(slug),
    nodes: [{ id: 'hook', type: 'core.webhook', version: 1, config: {}, ...hook }],
  };
}

/** What a new canvas holds: nothing, so it cannot be published. */
export function emptyFlow(slug: string): FlowDocument {
  return {
    format: 1,
    name: `Flow ${slug}`,
    slug,
    description: '',
    settings: {},
    nodes: [],
    edges: [],
    notes: [],
    pins: {},
  };
}
