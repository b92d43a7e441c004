import type { FlowDocument } from '#core/flow-document.ts';

import { testEdge, testNode } from './editor-flow.ts';
import { emptyFlow } from './sample-flows.ts';

/** A loop between a start and an end, with two steps inside; beside the second of them one that undoes it. */
export function loopFlow(rest: Partial<FlowDocument> = {}): FlowDocument {
  return {
    ...emptyFlow('loops'),
    nodes: [
      testNode('start', 'core.manual'),
      testNode('each', 'core.each', {
        position: { x: 320, y: 0 },
        config: { items: { $expr: 'trigger.body.items' } },
      }),
      testNode('shape', 'core.map', {
        parent: 'each',
        position: { x: 352, y: 96 },
        config: { output: { sku: { $expr: 'item.sku' } } },
      }),
      testNode('book', 'http.request', {
        parent: 'each',
        position: { x: 672, y: 96 },
        compensate: 'cancel',
        config: { method: 'POST', url: 'https://api.example.com/book', body: { $expr: 'steps.shape' } },
      }),
      testNode('cancel', 'http.request', {
        parent: 'each',
        position: { x: 672, y: 208 },
        config: { method: 'DELETE', url: { $tpl: 'https://api.example.com/{{ steps.book.body.id }}' } },
      }),
      testNode('end', 'core.map', { position: { x: 1088, y: 0 } }),
    ],
    edges: ['start>each', 'shape>book', 'each>end'].map(testEdge),
    ...rest,
  };
}
