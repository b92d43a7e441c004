import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import type { HttpOperation } from '#connectors/kit/http-operations.ts';

const object = z.string().regex(/^\w+$/, 'write the API name').meta({
  title: 'Object',
  help: 'Its API name.',
  placeholder: 'Contact',
  choices: 'objects',
});

const recordId = z
  .string()
  .regex(/^\w{15,18}$/, 'an id has 15 or 18 characters')
  .meta({
    title: 'Record',
    help: 'Its id.',
    placeholder: '003RM0000068og4YAA',
  });

const fields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).meta({
  title: 'Fields',
  help: 'By their API names; null empties one.',
  placeholder: 'LastName',
  widget: 'key_values',
});

const made = z.looseObject({ id: z.string(), success: z.boolean(), created: z.boolean().optional() });
const sampleMade = { id: '003RM0000068og4YAA', success: true };

export const recordOperations: readonly HttpOperation[] = [
  {
    id: 'create_record',
    label: 'Create record',
    summary: 'Adds a record to an object of Salesforce.',
    effect: 'once',
    input: z.strictObject({ object, fields }),
    output: made,
    sample: sampleMade,
    call: { method: 'POST', path: '/sobjects/{object}', body: { '...': setting('fields') } },
  },
  {
    id: 'upsert_record',
    label: 'Create or update record',
    summary: 'Changes the record of Salesforce that has an external id, or adds it.',
    effect: 'keyed',
    input: z.strictObject({
      object,
      externalField: z.string().regex(/^\w+$/, 'write the API name').meta({
        title: 'External id field',
        help: 'The API name of a field that is marked as external id.',
        placeholder: 'Crm_Id__c',
      }),
      externalId: z
        .string()
        .min(1)
        .meta({ title: 'External id', help: 'Your own id of the record.', placeholder: 'con_7Hq2' }),
      fields,
    }),
    output: made,
    sample: { ...sampleMade, created: false },
    call: {
      method: 'PATCH',
      path: '/sobjects/{object}/{externalField}/{externalId}',
      body: { '...': setting('fields') },
    },
  },
  {
    id: 'update_record',
    label: 'Update record',
    summary: 'Changes those fields of a record of Salesforce that are named.',
    effect: 'keyed',
    input: z.strictObject({ object, recordId, fields }),
    output: z.looseObject({ updated: z.boolean() }),
    sample: { updated: true },
    call: {
      method: 'PATCH',
      path: '/sobjects/{object}/{recordId}',
      body: { '...': setting('fields') },
      whenEmpty: { updated: true },
    },
  },
  {
    id: 'get_record',
    label: 'Get record',
    summary: 'Reads a record of Salesforce.',
    effect: 'read',
    input: z.strictObject({
      object,
      recordId,
      show: z
        .array(z.string().regex(/^[\w.]+$/, 'write API names'))
        .optional()
        .meta({
          title: 'Fields',
          help: 'Those to read, by their API names. Left empty: all.',
          placeholder: 'Name',
        }),
    }),
    output: z.looseObject({ Id: z.string() }),
    sample: { Id: '003RM0000068og4YAA', Name: 'Ada Lovelace', Email: 'ada@example.com' },
    call: {
      method: 'GET',
      path: '/sobjects/{object}/{recordId}',
      query: { fields: setting('show', 'comma') },
    },
  },
  {
    id: 'query',
    label: 'Query records',
    summary: 'Reads records of Salesforce by SOQL, up to 2,000.',
    effect: 'read',
    input: z.strictObject({
      soql: z.string().min(1).max(100_000).meta({
        title: 'SOQL',
        help: 'With LIMIT, for fewer records.',
        placeholder: "SELECT Id, Name FROM Contact WHERE Email = 'ada@example.com' LIMIT 10",
        widget: 'textarea',
      }),
    }),
    output: z.array(z.looseObject({ Id: z.string().optional() })),
    sample: [{ Id: '003RM0000068og4YAA', Name: 'Ada Lovelace' }],
    call: { method: 'GET', path: '/query', query: { q: setting('soql') }, pick: '/records' },
  },
];
