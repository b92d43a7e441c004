import { expect, test } from 'vitest';

import { linkedStep, placeOf, stepHref } from '#components/runs/step-link.ts';
import type { FlowDocument } from '#core/flow-document.ts';

const nodes = [
  { id: 'hook', type: 'core.webhook' },
  { id: 'each', type: 'core.each' },
  { id: 'inner', type: 'core.each', parent: 'each' },
  { id: 'post', type: 'http.request', parent: 'inner' },
].map((node) => ({ ...node, version: 1, config: {} })) as FlowDocument['nodes'];

test.each([
  ['hook', '', { step: 'hook', iteration: null }],
  ['post', '3.1', { step: 'post:3.1', iteration: { loopId: 'inner', key: '3.1' } }],
  ['inner', '3', { step: 'inner:3', iteration: { loopId: 'each', key: '3' } }],
  ['post', '', { step: 'post', iteration: null }],
  ['hook', '3', { step: 'hook', iteration: null }],
  ['gone', '', undefined],
  ['post', '3/../1', undefined],
])('a link to %s %s', (nodeId, key, expected) => {
  expect(linkedStep({ nodes }, nodeId, key)).toEqual(expected);
});

test('what is chosen goes into the address and comes back', () => {
  for (const [key, href] of [
    ['post:3.1', '/runs/r?node=post&key=3.1'],
    ['hook', '/runs/r?node=hook'],
  ] as const) {
    const place = placeOf(key);
    expect(stepHref('r', { nodeId: place.node, key: place.key ?? '' })).toBe(href);
    expect(linkedStep({ nodes }, place.node, place.key ?? '')?.step).toBe(key);
  }
});
