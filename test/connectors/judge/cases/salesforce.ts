import type { JudgeCases } from './case.ts';

const recordId = '003RM0000068og4YAA';
const fields = { LastName: 'Lovelace', Email: null, Level__c: 7 };

export const salesforceCases: JudgeCases = {
  operations: {
    create_record: [{ object: 'Contact', fields }],
    upsert_record: [{ object: 'Contact', externalField: 'Crm_Id__c', externalId: 'con 7/2', fields }],
    update_record: [{ object: 'Contact', recordId, fields }],
    get_record: [
      { object: 'Contact', recordId },
      { object: 'Contact', recordId, show: ['Name', 'Email'] },
    ],
    query: [{ soql: "SELECT Id FROM Contact WHERE Email = 'ada@example.com'" }],
  },
  lists: { objects: {} },
};
