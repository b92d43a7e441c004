import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const contactsToCsv: Template = {
  summary: 'Writes all contacts of the CRM into a CSV each night, for the spreadsheets of other teams.',
  tags: ['schedules', 'CRM', 'data'],
  flow: drawFlow({
    slug: 'nightly-contacts-csv',
    name: 'Contacts as CSV, each night',
    description: 'At two in the night, sorted by company. Values that a spreadsheet would run are made safe.',
    nodes: [
      { id: 'night', type: 'core.schedule', label: 'At two in the night', config: { cron: '0 2 * * *' } },
      { id: 'contacts', type: 'acme.list_contacts', label: 'Read contacts', config: { limit: 10_000 } },
      {
        id: 'sorted',
        type: 'data.sort',
        label: 'By company',
        config: { items: expr('steps.contacts'), keys: [{ field: 'company' }, { field: 'name' }] },
      },
      {
        id: 'csv',
        type: 'data.build_csv',
        label: 'Write the CSV',
        config: {
          rows: expr('steps.sorted'),
          columns: ['company', 'name', 'email', 'phone'],
          escapeFormulas: true,
        },
      },
    ],
    ways: ['night > contacts > sorted > csv'],
  }),
  helpers: [],
  trial: {
    input: {},
    ends: 'succeeded',
    shows: 'The output is the file, ready to be sent or stored by a step behind it.',
  },
};
