import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const paginateApi: Template = {
  summary: 'Reads all pages of an API, three at a time, and puts them together to one list.',
  tags: ['lists', 'data'],
  flow: drawFlow({
    slug: 'read-all-pages',
    name: 'Read all pages of an API',
    description: 'The first page says how many there are; a loop reads the others.',
    nodes: [
      { id: 'start', type: 'core.manual', label: 'Start' },
      {
        id: 'first',
        type: 'http.request',
        label: 'First page',
        config: { method: 'GET', url: 'https://api.example.com/items', query: { page: 1 } },
      },
      {
        id: 'pages',
        type: 'core.map',
        label: 'Which pages are left',
        config: { output: expr('steps.first.body.pages > 1 ? [2..steps.first.body.pages] : []') },
      },
      {
        id: 'each',
        type: 'core.each',
        label: 'Each page',
        config: { items: expr('steps.pages'), concurrency: 3 },
      },
      {
        id: 'page',
        type: 'http.request',
        label: 'Read the page',
        parent: 'each',
        config: { method: 'GET', url: 'https://api.example.com/items', query: { page: expr('item') } },
      },
      {
        id: 'all',
        type: 'core.map',
        label: 'Put together',
        config: { output: expr('[steps.first.body.items, steps.each.results.body.items]') },
      },
    ],
    ways: ['start > first > pages > each > all'],
  }),
  helpers: [],
  trial: {
    input: {},
    ends: 'succeeded',
    shows: 'The loop has an iteration for each page after the first; the output is the whole list.',
  },
};
