import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';
import { FIELD_HELP, fieldSetting, itemsSetting, MAX_ITEMS } from './settings.ts';

const anyList = z.array(jsonSchema);

/** Settings of `data.sort`. */
export const sortInput = z.strictObject({
  items: itemsSetting,
  keys: z
    .array(
      z.strictObject({
        field: fieldSetting.meta({ title: 'Field', help: FIELD_HELP, placeholder: 'customer.name' }),
        order: z.enum(['ascending', 'descending']).default('ascending').meta({ title: 'Order' }),
        as: z.enum(['auto', 'number', 'text', 'date']).default('auto').meta({
          title: 'Compared as',
          help: 'Auto: numbers by size, texts as in an English dictionary, numbers before texts.',
        }),
      }),
    )
    .min(1)
    .max(10)
    .meta({
      title: 'Sorted by',
      help: 'The first key counts most. Equal items keep their order; items without a value come last.',
    }),
});

/** Settings of `data.dedupe`. */
export const dedupeInput = z.strictObject({
  items: itemsSetting,
  fields: z.array(fieldSetting).max(20).default([]).meta({
    title: 'Fields',
    help: 'Items with the same values here are doubles. Left empty: items that are the same in everything.',
    placeholder: 'email',
  }),
  keep: z
    .enum(['first', 'last'])
    .default('first')
    .meta({ title: 'Keep', help: 'Which of the doubles stays.' }),
});

/** Settings of `data.batches`. */
export const batchesInput = z.strictObject({
  items: itemsSetting,
  size: z
    .int()
    .min(1)
    .max(MAX_ITEMS)
    .meta({ title: 'Size', help: 'Items in a batch; the last may have fewer.' }),
});

/** Settings of `data.limit`. */
export const limitInput = z.strictObject({
  items: itemsSetting,
  count: z.int().min(0).max(MAX_ITEMS).meta({ title: 'Count', help: 'How many items stay, at most.' }),
  skip: z
    .int()
    .min(0)
    .max(MAX_ITEMS)
    .default(0)
    .meta({ title: 'Skip', help: 'How many are passed over first.' }),
  from: z.enum(['start', 'end']).default('start').meta({ title: 'Counted from' }),
});

export const sort: ActionDef = {
  kind: 'action',
  id: 'sort',
  version: 1,
  label: 'Sort',
  summary: 'Puts a list in order by one or more fields.',
  icon: 'arrow-down-a-z',
  effect: 'pure',
  input: sortInput,
  output: anyList,
  sample: [
    { name: 'Ada', total: 12 },
    { name: 'Grace', total: 7 },
  ],
  initialConfig: { items: { $expr: '' }, keys: [{ field: '', order: 'ascending' }] },
};

export const dedupe: ActionDef = {
  kind: 'action',
  id: 'dedupe',
  version: 1,
  label: 'Remove doubles',
  summary: 'Keeps one of all items that are the same, or the same in some fields.',
  icon: 'copy-minus',
  effect: 'pure',
  input: dedupeInput,
  output: anyList,
  sample: [{ email: 'ada@example.com' }],
  initialConfig: { items: { $expr: '' }, fields: [] },
};

export const batches: ActionDef = {
  kind: 'action',
  id: 'batches',
  version: 1,
  label: 'Batches',
  summary: 'Cuts a list into lists of a size, for calls that take many items at once.',
  icon: 'layers',
  effect: 'pure',
  input: batchesInput,
  output: z.array(anyList),
  sample: [[{ id: 1 }, { id: 2 }], [{ id: 3 }]],
  initialConfig: { items: { $expr: '' }, size: 100 },
};

export const limit: ActionDef = {
  kind: 'action',
  id: 'limit',
  version: 1,
  label: 'Limit',
  summary: 'Keeps the first or last items of a list.',
  icon: 'list-end',
  effect: 'pure',
  input: limitInput,
  output: anyList,
  sample: [{ id: 1 }, { id: 2 }],
  initialConfig: { items: { $expr: '' }, count: 10 },
};
