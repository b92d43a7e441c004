import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const rateLimitedBatch: Template = {
  summary:
    'Sends a long list to an API in batches with a pause between them, for APIs that limit their callers.',
  tags: ['lists', 'reliability'],
  flow: drawFlow({
    slug: 'rate-limited-batches',
    name: 'Batches with a pause',
    description: 'Two items a call, one call at a time, one second between them. All three are settings.',
    nodes: [
      { id: 'start', type: 'core.manual', label: 'A list of items' },
      {
        id: 'batches',
        type: 'data.batches',
        label: 'Cut into batches',
        config: { items: expr('trigger.body.items'), size: 2 },
      },
      {
        id: 'each',
        type: 'core.each',
        label: 'Each batch',
        config: { items: expr('steps.batches'), concurrency: 1 },
      },
      {
        id: 'send',
        type: 'http.request',
        label: 'Send the batch',
        parent: 'each',
        config: { method: 'POST', url: 'https://api.example.com/batches', body: { items: expr('item') } },
      },
      { id: 'pause', type: 'core.wait', label: 'Pause', parent: 'each', config: { seconds: 1 } },
      {
        id: 'sent',
        type: 'core.map',
        label: 'Count',
        config: {
          output: { items: expr('$count(trigger.body.items)'), calls: expr('$count(steps.each.results)') },
        },
      },
    ],
    ways: ['start > batches > each > sent', 'send > pause'],
  }),
  helpers: [],
  trial: {
    input: { items: ['a', 'b', 'c', 'd', 'e'] },
    ends: 'succeeded',
    shows: 'Five items go out in three calls, about a second apart.',
  },
};
