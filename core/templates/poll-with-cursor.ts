import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const pollWithCursor: Template = {
  summary:
    'Watches an API that sends no webhooks: each new ticket starts a run, and none is asked for twice.',
  tags: ['schedules', 'data'],
  flow: drawFlow({
    slug: 'poll-with-cursor',
    name: 'Poll an API for what is new',
    description: 'Every five minutes the API is asked for what came after the last ticket that was seen.',
    nodes: [
      {
        id: 'tickets',
        type: 'core.poll',
        label: 'New tickets',
        config: {
          request: {
            method: 'GET',
            url: 'https://api.example.com/tickets',
            query: { after: expr('cursor'), order: 'created' },
          },
          everySeconds: 300,
          items: expr('reply.body.data'),
          key: expr('item.id'),
          cursor: expr('reply.body.data[-1].id'),
          first: 'run',
        },
      },
      {
        id: 'urgent',
        type: 'core.filter',
        label: 'Only urgent ones',
        config: { condition: expr('steps.tickets.priority = "urgent"') },
      },
      {
        id: 'alert',
        type: 'core.map',
        label: 'Write the alert',
        config: { output: { text: tpl('#{{ steps.tickets.id }}: {{ steps.tickets.title }}') } },
      },
    ],
    ways: ['tickets > urgent > alert'],
  }),
  helpers: [],
  trial: {
    input: { id: 7, title: 'Printer on fire', priority: 'urgent' },
    ends: 'succeeded',
    shows: 'A trial takes one made-up ticket; published, the flow asks your API.',
  },
};
