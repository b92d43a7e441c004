import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const expenseApproval: Template = {
  summary:
    'Pays small expenses at once and asks a person about those above 500, for whoever keeps the purse.',
  tags: ['people'],
  flow: drawFlow({
    slug: 'approve-expenses',
    name: 'Approve expenses above 500',
    description: 'An expense up to 500 passes. Above, somebody is asked and has two days to answer.',
    settings: { timeoutSeconds: 259_200 },
    nodes: [
      { id: 'hook', type: 'core.webhook', label: 'New expense', config: { dedupe: expr('trigger.body.id') } },
      {
        id: 'large',
        type: 'core.if',
        label: 'Above 500?',
        config: { condition: expr('trigger.body.amount > 500') },
      },
      {
        id: 'ask',
        type: 'core.approval',
        label: 'Ask',
        config: {
          question: tpl(
            'Pay {{ trigger.body.amount }} to {{ trigger.body.who }} for “{{ trigger.body.what }}”?',
          ),
          approvers: { role: 'operator' },
          timeoutSeconds: 172_800,
        },
      },
      {
        id: 'pay',
        type: 'core.map',
        label: 'Pay it',
        join: 'any',
        config: { output: { id: expr('trigger.body.id'), paid: expr('trigger.body.amount') } },
      },
      {
        id: 'refuse',
        type: 'core.map',
        label: 'Send it back',
        join: 'any',
        config: { output: { id: expr('trigger.body.id'), paid: 0, why: expr('steps.ask.comment') } },
      },
    ],
    ways: [
      'hook > large',
      'large.true > ask',
      'large.false > pay',
      'ask.approved > pay',
      'ask.rejected > refuse',
      'ask.expired > refuse',
    ],
  }),
  helpers: [],
  trial: {
    input: { body: { id: 'E-77', who: 'Ada', what: 'A week in Oslo', amount: 1280 } },
    ends: 'waiting',
    shows: 'The run waits for you: decide it under Approvals and watch it go on.',
  },
};
