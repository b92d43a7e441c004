import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const csvToJson: Template = {
  summary: 'Turns a CSV file that is posted to it into clean JSON, for programs that speak nothing else.',
  tags: ['data', 'replies'],
  flow: drawFlow({
    slug: 'csv-to-json',
    name: 'CSV to JSON',
    description: 'Rows are read, renamed and sorted, and answered as JSON.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'CSV posted', config: { respond: 'finished' } },
      {
        id: 'rows',
        type: 'data.parse_csv',
        label: 'Read the rows',
        config: { text: expr('trigger.body'), delimiter: ';', values: 'guess', trim: true },
      },
      {
        id: 'shape',
        type: 'core.map',
        label: 'Rename the fields',
        config: {
          output: expr('[steps.rows.{ "id": Article, "price": Price, "inStock": Stock > 0 }]'),
        },
      },
      {
        id: 'sorted',
        type: 'data.sort',
        label: 'Cheapest first',
        config: { items: expr('steps.shape'), keys: [{ field: 'price' }] },
      },
      { id: 'reply', type: 'core.respond', label: 'Answer', config: { body: expr('steps.sorted') } },
    ],
    ways: ['hook > rows > shape > sorted > reply'],
  }),
  helpers: [],
  trial: {
    input: {
      headers: { 'content-type': 'text/csv' },
      body: 'Article;Price;Stock\nCUP-4;8;0\nTEA-1;12.5;40\nPOT-2;6.9;3\n',
    },
    ends: 'succeeded',
    shows: 'Three lines of text become three records, the cheapest first.',
  },
};
