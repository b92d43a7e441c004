import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const switchByCountry: Template = {
  summary: 'Works out tax and carrier of an order by the country it goes to, with a way for all others.',
  tags: ['data', 'replies'],
  flow: drawFlow({
    slug: 'switch-by-country',
    name: 'Switch by country',
    description: 'One way for Switzerland, one for the neighbours in the EU, one for the rest of the world.',
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'Order', config: { respond: 'finished' } },
      {
        id: 'country',
        type: 'core.switch',
        label: 'Which country?',
        config: {
          cases: [
            { port: 'switzerland', when: expr('trigger.body.country = "CH"') },
            { port: 'neighbours', when: expr('trigger.body.country in ["AT", "DE", "FR", "IT"]') },
          ],
        },
      },
      {
        id: 'swiss',
        type: 'core.map',
        label: 'Swiss rules',
        config: { output: { carrier: 'Post', taxPercent: 8.1 } },
      },
      {
        id: 'near',
        type: 'core.map',
        label: 'Rules of the EU',
        config: { output: { carrier: 'Parcel service', taxPercent: 20 } },
      },
      {
        id: 'far',
        type: 'core.map',
        label: 'The rest',
        config: { output: { carrier: 'Air mail', taxPercent: 0 } },
      },
      {
        id: 'reply',
        type: 'core.respond',
        label: 'Answer',
        config: {
          body: {
            country: expr('trigger.body.country'),
            carrier: expr('(steps.swiss ?? steps.near ?? steps.far).carrier'),
            tax: expr(
              '$round(trigger.body.total * (steps.swiss ?? steps.near ?? steps.far).taxPercent / 100, 2)',
            ),
          },
        },
      },
    ],
    ways: [
      'hook > country',
      'country.switzerland > swiss > reply',
      'country.neighbours > near > reply',
      'country.default > far > reply',
    ],
  }),
  helpers: [],
  trial: {
    input: { body: { number: 'A-5', country: 'DE', total: 120 } },
    ends: 'succeeded',
    shows: 'The order goes to Germany: the parcel service, and a tax of 24.00.',
  },
};
