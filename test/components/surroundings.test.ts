import fc from 'fast-check';
import { expect, test } from 'vitest';

import { recordedSources, sampleScope } from '#components/inspector/sample-scope.ts';
import { sameSurroundings } from '#components/inspector/surroundings.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { orderFlow } from '#test/support/editor-flow.ts';
import { anyEdits, applyWhatFits } from '#test/support/random-edits.ts';

const after = (...edits: FlowOperation[]) => applyWhatFits(orderFlow(), edits);

test('what is typed into the settings of a node leaves its surroundings the same', () => {
  const flow = orderFlow();
  const typed = applyWhatFits(flow, [
    { kind: 'set_config', nodeId: 'map', path: ['output', 'title'], value: 'Typed' },
    { kind: 'set_options', nodeId: 'map', options: { onError: 'continue' } },
    { kind: 'move_nodes', positions: { map: { x: 5, y: 5 } } },
    { kind: 'describe_flow', name: 'Another' },
  ]);
  expect(typed).not.toEqual(flow);
  expect(sameSurroundings(flow, typed, 'map')).toBe(true);
  // The next step sees what that one puts out.
  expect(sameSurroundings(flow, typed, 'if')).toBe(false);
});

test.each<[string, FlowOperation]>([
  ['its name, which pills show', { kind: 'set_options', nodeId: 'map', options: { label: 'Else' } }],
  ['an edge', { kind: 'remove_edges', edges: [{ from: 'hook', to: 'map' }] }],
  ['a pin', { kind: 'set_pin', nodeId: 'hook', output: { body: {} } }],
  ['another node', { kind: 'remove_nodes', nodeIds: ['post'] }],
])('%s is a change of them', (_, edit) => {
  const flow = orderFlow();
  expect(sameSurroundings(flow, applyWhatFits(flow, [edit]), 'map')).toBe(false);
});

test('where they are the same, so are the data that a node can use', async () => {
  let same = 0;
  await fc.assert(
    fc.asyncProperty(anyEdits(), fc.constantFrom('map', 'if', 'post'), async (edits, nodeId) => {
      const before = after(...edits);
      const later = applyWhatFits(before, [
        { kind: 'set_config', nodeId: 'map', path: ['output', 'title'], value: 'Typed' },
      ]);
      if (!sameSurroundings(before, later, nodeId)) return;
      same += 1;
      expect(await sampleScope(nodeId, { document: later, catalog })).toEqual(
        await sampleScope(nodeId, { document: before, catalog }),
      );
      expect(recordedSources(nodeId, { document: later, catalog })).toEqual(
        recordedSources(nodeId, { document: before, catalog }),
      );
    }),
    { numRuns: 100 },
  );
  expect(same).toBeGreaterThan(10);
});
