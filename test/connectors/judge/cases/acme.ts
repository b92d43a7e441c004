import type { JudgeCases } from './case.ts';

const deal = { title: 'Two engines', contactId: 'con_7Hq2', amount: 18_500.5, stage: 'proposal' };
const contact = {
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  company: 'Engines',
  phone: '+49 30 1234567',
};
const list = { updatedSince: '2026-01-15T09:30:00Z', limit: 7 };

export const acmeCases: JudgeCases = {
  operations: {
    list_contacts: [list],
    get_contact: [{ contactId: 'con_7Hq2' }],
    create_contact: [contact, { name: 'Ada', email: 'ada@example.com' }],
    update_contact: [
      { contactId: 'con_7Hq2', ...contact },
      { contactId: 'con_7Hq2', phone: '1' },
    ],
    list_deals: [list],
    create_deal: [deal],
    update_deal: [
      { dealId: 'deal_4Mz9', ...deal },
      { dealId: 'deal_4Mz9', stage: 'won' },
    ],
  },
  lists: { contacts: {}, deals: {}, stages: {} },
};
