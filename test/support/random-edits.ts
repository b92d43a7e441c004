import fc from 'fast-check';

import { catalog } from '#connectors/definitions.ts';
import { applyOperation } from '#core/apply-operation.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import type { PinnedAnswer } from '#core/pins/pin.ts';

import { testNode } from './editor-flow.ts';

const KNOWN_IDS = ['hook', 'map', 'if', 'post'];
const NEW_IDS = ['filter', 'stop', 'map2'];
const LOOP_IDS = ['each', 'each2'];
const anyId = fc.constantFrom(...KNOWN_IDS, ...NEW_IDS, ...LOOP_IDS);
const anyLoop = fc.option(fc.constantFrom(...LOOP_IDS), { nil: undefined });
const anyText = fc.constantFrom('A', 'B', 'C');
const anyPosition = fc.record({ x: fc.integer({ min: -20, max: 20 }), y: fc.integer({ min: -20, max: 20 }) });

const anyEdit: fc.Arbitrary<FlowOperation> = fc.oneof(
  fc
    .record({
      id: fc.constantFrom(...NEW_IDS),
      type: fc.constantFrom('core.map', 'core.filter'),
      position: anyPosition,
    })
    .map(({ id, type, position }) => ({ kind: 'add_node', node: testNode(id, type, { position }) }) as const),
  fc
    .record({ id: fc.constantFrom(...LOOP_IDS), parent: anyLoop })
    .map(
      ({ id, parent }) =>
        ({ kind: 'add_node', node: testNode(id, 'core.each', { ...(parent && { parent }) }) }) as const,
    ),
  fc
    .record({ nodeIds: fc.uniqueArray(anyId, { minLength: 1, maxLength: 3 }), parent: anyLoop })
    .map(({ nodeIds, parent }) => ({ kind: 'set_parent', nodeIds, parent }) as const),
  fc
    .record({ nodeId: anyId, compensate: fc.option(anyId, { nil: undefined }) })
    .map(({ nodeId, compensate }) => ({ kind: 'set_options', nodeId, options: { compensate } }) as const),
  anyId.map((id) => ({ kind: 'remove_nodes', nodeIds: [id] }) as const),
  fc
    .record({ id: anyId, to: anyPosition })
    .map(({ id, to }) => ({ kind: 'move_nodes', positions: { [id]: to } }) as const),
  fc
    .record({ nodeId: anyId, label: fc.option(anyText, { nil: undefined }) })
    .map(({ nodeId, label }) => ({ kind: 'set_options', nodeId, options: { label } }) as const),
  fc
    .record({ name: fc.constantFrom('title', 'id'), value: fc.option(anyText, { nil: undefined }) })
    .map(
      ({ name, value }) => ({ kind: 'set_config', nodeId: 'map', path: ['output', name], value }) as const,
    ),
  fc
    .record({ from: anyId, to: anyId, port: fc.constantFrom(undefined, 'true', 'false') })
    .map(
      ({ from, to, port }) => ({ kind: 'add_edge', edge: port ? { from, port, to } : { from, to } }) as const,
    ),
  fc
    .constantFrom(
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'if' },
      { from: 'if', port: 'true', to: 'post' },
    )
    .map((edge) => ({ kind: 'remove_edges', edges: [edge] }) as const),
  anyText.map((name) => ({ kind: 'describe_flow', name }) as const),
  fc
    .record({ nodeId: anyId, output: fc.option(anyText, { nil: undefined }) })
    .map(({ nodeId, output }) => ({ kind: 'set_pin', nodeId, output }) as const),
  fc
    .record({
      nodeId: anyId,
      set: fc.constantFrom('default', 'declined'),
      message: fc.option(anyText, { nil: undefined }),
    })
    .map(
      ({ nodeId, set, message }) =>
        ({
          kind: 'put_pin',
          set,
          nodeId,
          answer: message === undefined ? undefined : pinnedError(message),
        }) as const,
    ),
);

function pinnedError(message: string): PinnedAnswer {
  return { error: { kind: 'invalid', code: 'pinned_error', message } };
}

/** Edits of `orderFlow` as people might make them; not all of them fit at their turn. */
export function anyEdits(): fc.Arbitrary<FlowOperation[]> {
  return fc.array(anyEdit, { maxLength: 12 });
}

/** The flow after those of the edits that are not refused. */
export function applyWhatFits(flow: FlowDocument, edits: readonly FlowOperation[]): FlowDocument {
  return edits.reduce((document, edit) => {
    const applied = applyOperation(document, edit, catalog);
    return applied.ok ? applied.flow : document;
  }, flow);
}
