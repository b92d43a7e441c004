import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const deduplicateEvents: Template = {
  summary: 'Takes events from a sender that repeats itself and lets each one through once.',
  tags: ['reliability', 'webhooks', 'lists'],
  flow: drawFlow({
    slug: 'deduplicate-events',
    name: 'Let each event through once',
    description:
      'A delivery with a known key starts no second run for 30 days; doubles inside of a delivery are dropped.',
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        label: 'Events',
        config: { dedupe: expr('trigger.body.deliveryId') },
      },
      {
        id: 'once',
        type: 'data.dedupe',
        label: 'Drop doubles',
        config: { items: expr('trigger.body.events'), fields: ['id'], keep: 'last' },
      },
      {
        id: 'result',
        type: 'core.map',
        label: 'What is left',
        config: {
          output: {
            events: expr('steps.once'),
            dropped: expr('$count(trigger.body.events) - $count(steps.once)'),
          },
        },
      },
    ],
    ways: ['hook > once > result'],
  }),
  helpers: [],
  trial: {
    input: {
      body: {
        deliveryId: 'd-1',
        events: [
          { id: 'e1', state: 'packed' },
          { id: 'e2', state: 'sent' },
          { id: 'e1', state: 'sent' },
        ],
      },
    },
    ends: 'succeeded',
    shows: 'Of three events two are left. Published, the same delivery again is answered “duplicate”.',
  },
};
