import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const orderLines: Template = {
  summary: 'Prices each line of an order with a flow of its own and answers the caller with the total.',
  tags: ['lists', 'replies'],
  flow: drawFlow({
    slug: 'price-order-lines',
    name: 'Price the lines of an order',
    description: 'A loop over the lines calls another flow for each, three at a time, then adds up.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'Order', config: { respond: 'finished' } },
      {
        id: 'lines',
        type: 'core.each',
        label: 'Each line',
        config: { items: expr('trigger.body.lines'), concurrency: 3 },
      },
      {
        id: 'price',
        type: 'core.call',
        label: 'Price the line',
        parent: 'lines',
        config: { flow: 'price-a-line', input: expr('item') },
      },
      {
        id: 'reply',
        type: 'core.respond',
        label: 'Answer with the total',
        config: {
          body: { lines: expr('steps.lines.results'), total: expr('$sum(steps.lines.results.total)') },
        },
      },
    ],
    ways: ['hook > lines > reply'],
  }),
  helpers: [
    drawFlow({
      slug: 'price-a-line',
      name: 'Price a line',
      description: 'Called by other flows: from ten pieces on there is a tenth off.',
      nodes: [
        { id: 'start', type: 'core.manual', label: 'A line' },
        {
          id: 'price',
          type: 'core.map',
          label: 'Work out the price',
          config: {
            output: {
              sku: expr('trigger.body.sku'),
              total: expr(
                '$round(trigger.body.price * trigger.body.quantity * (trigger.body.quantity >= 10 ? 0.9 : 1), 2)',
              ),
            },
          },
        },
      ],
      ways: ['start > price'],
    }),
  ],
  trial: {
    input: {
      body: {
        lines: [
          { sku: 'TEA-1', price: 12.5, quantity: 2 },
          { sku: 'CUP-4', price: 8, quantity: 10 },
        ],
      },
    },
    ends: 'succeeded',
    shows: 'Each line is a run of its own, linked from the loop; the total is 97.00.',
  },
};
