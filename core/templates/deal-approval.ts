import { drawFlow, expr, tpl } from './draw-flow.ts';
import { dealEvent } from './sample-events.ts';
import type { Template } from './template.ts';

export const dealApproval: Template = {
  summary: 'Asks a manager before a large deal goes on, and marks it as lost when the answer is no.',
  tags: ['CRM', 'people'],
  flow: drawFlow({
    slug: 'approve-large-deals',
    name: 'Approve large deals',
    description: 'Deals above 10,000 wait for a person. Approved ones move on, the others are closed.',
    settings: { timeoutSeconds: 604_800 },
    nodes: [
      { id: 'created', type: 'acme.deal_created', label: 'Deal added' },
      {
        id: 'large',
        type: 'core.filter',
        label: 'Above 10,000?',
        config: { condition: expr('trigger.body.data.amount > 10000') },
      },
      {
        id: 'ask',
        type: 'core.approval',
        label: 'Ask a manager',
        config: {
          question: tpl(
            'Go on with “{{ trigger.body.data.title }}” for {{ $formatNumber(trigger.body.data.amount, "#,##0") }} {{ trigger.body.data.currency }}?',
          ),
          approvers: { role: 'operator' },
          timeoutSeconds: 259_200,
        },
      },
      {
        id: 'proceed',
        type: 'acme.update_deal',
        label: 'Move it on',
        config: { dealId: expr('trigger.body.data.id'), stage: 'qualified' },
      },
      {
        id: 'close',
        type: 'acme.update_deal',
        label: 'Close it',
        config: { dealId: expr('trigger.body.data.id'), stage: 'lost' },
        join: 'any',
      },
    ],
    ways: ['created > large > ask', 'ask.approved > proceed', 'ask.rejected > close', 'ask.expired > close'],
  }),
  helpers: [],
  trial: {
    input: dealEvent('deal.created'),
    ends: 'waiting',
    shows: 'The run waits for you: the question is under Approvals. Say yes, and the deal moves on in Acme.',
  },
};
