import type { JudgeCases } from './case.ts';

const properties = { lifecyclestage: 'lead' };
const contact = {
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+49 30 1',
  owner: '41629779',
  properties,
};
const deal = {
  name: 'Two engines',
  stage: 'contractsent',
  pipeline: 'default',
  amount: 18_500.5,
  closeDate: '2026-03-31',
  owner: '41629779',
  properties: { dealtype: 'newbusiness' },
};

export const hubspotCases: JudgeCases = {
  operations: {
    create_contact: [contact],
    update_contact: [{ contactId: '151', ...contact }],
    search_contacts: [
      {
        words: 'ada',
        filters: [{ propertyName: 'email', operator: 'EQ', value: 'ada@example.com' }],
        show: ['email', 'firstname'],
        limit: 5,
      },
    ],
    create_company: [
      { name: 'Engines', domain: 'example.com', owner: '41629779', properties: { city: 'Berlin' } },
    ],
    create_deal: [{ ...deal, contactId: '151' }],
    update_deal: [{ dealId: '9021', ...deal }],
    add_note: [{ contactId: '151', text: 'Called', at: '2026-01-15T09:30:00Z', owner: '41629779' }],
  },
  lists: { contacts: { search: 'ada' }, owners: {}, pipelines: {}, dealStages: {} },
};
