import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const waitAndRemind: Template = {
  summary:
    'Waits until an invoice is due and then asks whether it was paid, for accounts that are never quiet.',
  tags: ['people', 'schedules'],
  flow: drawFlow({
    slug: 'wait-then-remind',
    name: 'Wait, then remind',
    description: 'A run may wait for months and holds no worker. When the time has come, a person is asked.',
    settings: { timeoutSeconds: 15_552_000 },
    nodes: [
      {
        id: 'hook',
        type: 'core.webhook',
        label: 'Invoice sent',
        config: { dedupe: expr('trigger.body.number') },
      },
      {
        id: 'due',
        type: 'core.wait',
        label: 'Until it is due',
        config: { until: expr('trigger.body.dueAt') },
      },
      {
        id: 'ask',
        type: 'core.approval',
        label: 'Was it paid?',
        config: {
          question: tpl(
            'Invoice {{ trigger.body.number }} over {{ trigger.body.total }} is due. Was it paid?',
          ),
          approvers: { role: 'operator' },
          timeoutSeconds: 604_800,
        },
      },
      {
        id: 'done',
        type: 'core.stop',
        label: 'Paid',
        config: { status: 'succeeded', message: 'Paid.' },
      },
      {
        id: 'remind',
        type: 'core.map',
        label: 'Write the reminder',
        join: 'any',
        config: {
          output: {
            to: expr('trigger.body.email'),
            text: tpl('A friendly word about invoice {{ trigger.body.number }}: it was due.'),
          },
        },
      },
    ],
    ways: ['hook > due > ask', 'ask.approved > done', 'ask.rejected > remind', 'ask.expired > remind'],
  }),
  helpers: [],
  trial: {
    input: {
      body: { number: 'R-2026-7', total: 480, email: 'ada@example.com', dueAt: '2026-01-15T08:00:00Z' },
    },
    ends: 'waiting',
    shows: 'The invoice is overdue, so you are asked at once; “reject” writes the reminder.',
  },
};
