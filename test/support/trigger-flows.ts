import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';

/** A flow that starts on a schedule and maps the planned time; no faults. */
export function scheduleFlow(slug: string, config: JsonObject): FlowDocument {
  return flowOf(slug, { id: 'clock', type: 'core.schedule', version: 1, config });
}

/** A flow that polls and maps the item; no faults as long as the settings have none. */
export function pollFlow(slug: string, config: JsonObject, rest: Partial<FlowNode> = {}): FlowDocument {
  return flowOf(slug, { id: 'poll', type: 'core.poll', version: 1, config, ...rest });
}

function flowOf(slug: string, trigger: FlowNode): FlowDocument {
  return {
    ...emptyFlow(slug),
    nodes: [
      trigger,
      {
        id: 'map',
        type: 'core.map',
        version: 1,
        config: { output: { got: { $expr: 'trigger.body' }, same: { $expr: `steps.${trigger.id}` } } },
      },
    ],
    edges: [{ from: trigger.id, to: 'map' }],
  };
}

/** A flow that begins with the events of an app. */
export function appFlow(
  slug: string,
  {
    type,
    connection,
    config = {},
  }: { readonly type: string; readonly connection: string; readonly config?: JsonObject },
): FlowDocument {
  return { ...emptyFlow(slug), nodes: [{ id: 'event', type, version: 1, connection, config }] };
}
