import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const xmlOrder: Template = {
  summary: 'Takes orders as XML from an older system and hands them on as JSON with a total.',
  tags: ['data', 'replies'],
  flow: drawFlow({
    slug: 'xml-orders',
    name: 'XML orders to JSON',
    description: 'The XML is read into an object; a single line is a list, too.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'XML posted', config: { respond: 'finished' } },
      {
        id: 'read',
        type: 'data.parse_xml',
        label: 'Read the XML',
        config: { text: expr('trigger.body'), lists: ['line'], values: 'guess' },
      },
      {
        id: 'reply',
        type: 'core.respond',
        label: 'Answer',
        config: {
          body: {
            number: expr('steps.read.order._number'),
            lines: expr('[steps.read.order.line.{ "sku": _sku, "quantity": quantity, "price": price }]'),
            total: expr('$sum(steps.read.order.line.(quantity * price))'),
          },
        },
      },
    ],
    ways: ['hook > read > reply'],
  }),
  helpers: [],
  trial: {
    input: {
      headers: { 'content-type': 'application/xml' },
      body: '<order number="A-3"><line sku="TEA-1"><quantity>2</quantity><price>12.5</price></line></order>',
    },
    ends: 'succeeded',
    shows: 'The reply is the order as JSON, with a total of 25.',
  },
};
