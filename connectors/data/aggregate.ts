import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';
import { fieldTitle } from './field-path.ts';
import { FIELD_HELP, fieldSetting, itemsSetting } from './settings.ts';

const MEASURES = [
  'count',
  'count_distinct',
  'sum',
  'average',
  'min',
  'max',
  'first',
  'last',
  'list',
  'list_distinct',
] as const;

const measure = z.strictObject({
  name: z.string().min(1).max(100).meta({
    title: 'Name',
    help: 'The field of the result.',
    placeholder: 'revenue',
    expression: false,
  }),
  measure: z.enum(MEASURES).meta({
    title: 'Measure',
    help: 'Sum and average take numbers and texts that are numbers; min and max numbers, or texts. Empty values are passed over, except by count, first, last and list.',
    expression: false,
  }),
  field: fieldSetting
    .default('')
    .meta({ title: 'Field', help: FIELD_HELP, placeholder: 'total', expression: false }),
});

/** Settings of `data.aggregate`. */
export const aggregateInput = z
  .strictObject({
    items: itemsSetting,
    groupBy: z
      .array(fieldSetting.min(1))
      .max(10)
      .superRefine((fields, issues) => refuseDoubles(fields.map(fieldTitle), (index) => [index], issues))
      .default([])
      .meta({
        title: 'Group by',
        help: 'One result for each combination of these fields. Left empty: one result for the whole list.',
        placeholder: 'customer.id',
        expression: false,
      }),
    measures: z
      .array(measure)
      .min(1)
      .max(50)
      .superRefine((measures, issues) =>
        refuseDoubles(
          measures.map(({ name }) => name),
          (index) => [index, 'name'],
          issues,
        ),
      )
      .meta({ title: 'Measures', widget: 'list' }),
  })
  .refine((settings) => sharedName(settings) === undefined, {
    path: ['measures'],
    error: 'a measure has the name of a field that the groups have already',
    // Whatever else is wrong: `items`, for one, is an expression as long as nothing runs.
    when: () => true,
  });

function refuseDoubles(
  names: readonly string[],
  pathOf: (index: number) => PropertyKey[],
  issues: { addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void },
): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    issues.addIssue({
      code: 'custom',
      path: pathOf(index),
      message: `the result would have two fields "${name}"`,
    });
  });
}

/** The name of a measure that is a group's, too. The settings may be of any shape here. */
function sharedName(settings: { readonly groupBy?: unknown; readonly measures?: unknown }): unknown {
  const fields: readonly unknown[] = Array.isArray(settings.groupBy) ? settings.groupBy : [];
  const titles = fields.map((field) => (typeof field === 'string' ? fieldTitle(field) : undefined));
  const measures: readonly unknown[] = Array.isArray(settings.measures) ? settings.measures : [];
  return measures
    .map((one) => (typeof one === 'object' && one !== null && 'name' in one ? one.name : undefined))
    .find((name) => typeof name === 'string' && titles.includes(name));
}

export const aggregate: ActionDef = {
  kind: 'action',
  id: 'aggregate',
  version: 1,
  label: 'Aggregate',
  summary: 'Counts, adds up and collects the items of a list, as a whole or in groups.',
  icon: 'sigma',
  effect: 'pure',
  input: aggregateInput,
  output: z.union([z.record(z.string(), jsonSchema), z.array(z.record(z.string(), jsonSchema))]),
  sample: [
    { country: 'CH', orders: 2, revenue: 149.5 },
    { country: 'DE', orders: 1, revenue: 20 },
  ],
  initialConfig: { items: { $expr: '' }, groupBy: [], measures: [{ name: 'count', measure: 'count' }] },
};
