import { drawFlow, expr } from './draw-flow.ts';
import type { Template } from './template.ts';

export const dailyDigest: Template = {
  summary: 'Sums up the open deals by stage each working morning, for everyone who asks “how are we doing?”.',
  tags: ['schedules', 'CRM'],
  flow: drawFlow({
    slug: 'daily-digest',
    name: 'Daily digest of deals',
    description: 'At eight on working days: how many deals there are in each stage, and what they are worth.',
    nodes: [
      {
        id: 'morning',
        type: 'core.schedule',
        label: 'Working days at eight',
        config: { cron: '0 8 * * MON-FRI', timezone: 'UTC' },
      },
      { id: 'deals', type: 'acme.list_deals', label: 'Read all deals', config: { limit: 1000 } },
      {
        id: 'stages',
        type: 'data.aggregate',
        label: 'Add up by stage',
        config: {
          items: expr('steps.deals'),
          groupBy: ['stage'],
          measures: [
            { name: 'deals', measure: 'count' },
            { name: 'worth', measure: 'sum', field: 'amount' },
          ],
        },
      },
      {
        id: 'digest',
        type: 'core.map',
        label: 'Write the digest',
        config: {
          output: {
            day: expr('$formatDate(trigger.body.plannedAt ?? $now(), "yyyy-MM-dd")'),
            total: expr('$sum(steps.stages.worth)'),
            text: expr(
              '$join(steps.stages.(stage & ": " & deals & " worth " & $formatNumber(worth, "#,##0") & " EUR"), "\\n")',
            ),
          },
        },
      },
    ],
    ways: ['morning > deals > stages > digest'],
  }),
  helpers: [],
  trial: {
    input: {},
    ends: 'succeeded',
    shows: 'The output of the run is today’s digest. Put a mail or a chat message behind it to send it.',
  },
};
