import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const importRows: Template = {
  summary:
    'Imports a list so that a bad row stops nothing: each row is a run, and failed ones can be redriven.',
  tags: ['lists', 'CRM', 'reliability'],
  flow: drawFlow({
    slug: 'import-contacts',
    name: 'Import contacts, row by row',
    description:
      'Starts “Import a contact” for each row and waits for none. Rows that fail are dead letters: mend them and send them again.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'CSV posted' },
      {
        id: 'rows',
        type: 'data.parse_csv',
        label: 'Read the rows',
        config: { text: expr('trigger.body'), trim: true },
      },
      {
        id: 'each',
        type: 'core.each',
        label: 'Each row',
        config: { items: expr('steps.rows'), concurrency: 10 },
      },
      {
        id: 'start',
        type: 'core.call',
        label: 'Start its run',
        parent: 'each',
        config: { flow: 'import-a-contact', input: expr('item'), wait: false },
      },
      {
        id: 'count',
        type: 'core.map',
        label: 'Count',
        config: { output: { rows: expr('$count(steps.rows)') } },
      },
    ],
    ways: ['hook > rows > each > count'],
  }),
  helpers: [
    drawFlow({
      slug: 'import-a-contact',
      name: 'Import a contact',
      description: 'One row. A row without an address fails, alone.',
      nodes: [
        { id: 'start', type: 'core.manual', label: 'A row' },
        {
          id: 'check',
          type: 'core.validate',
          label: 'Check the row',
          config: {
            value: expr('trigger.body'),
            schema: {
              type: 'object',
              required: ['name', 'email'],
              properties: {
                name: { type: 'string', minLength: 1 },
                email: { type: 'string', format: 'email' },
              },
            },
          },
        },
        {
          id: 'add',
          type: 'acme.create_contact',
          label: 'Add to Acme',
          config: { name: expr('steps.check.name'), email: expr('steps.check.email') },
        },
      ],
      ways: ['start > check > add'],
    }),
  ],
  trial: {
    input: {
      headers: { 'content-type': 'text/csv' },
      body: 'name,email\nGrace Hopper,grace.hopper@navy.example\nNobody,not an address\nAlan Turing,alan@bletchley.example\n',
    },
    ends: 'succeeded',
    shows: 'Two contacts are added; the second row waits under Dead letters until you mend it.',
  },
};
