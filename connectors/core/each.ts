import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { jsonSchema } from '#core/flow-document.ts';
import { StepFailure } from '#core/step-failure.ts';

/** More belong into several runs. */
export const MAX_ITEMS = 100_000;
const MAX_CONCURRENCY = 100;

/** Settings of `core.each`. */
export const eachInput = z.strictObject({
  items: z.unknown().meta({
    title: 'Items',
    help: 'A list. The steps inside run once for each of its items, which they see as `item`, with `index` from 0.',
    placeholder: 'trigger.body.items',
    widget: 'expression',
  }),
  concurrency: z
    .int()
    .min(1)
    .max(MAX_CONCURRENCY)
    .default(1)
    .meta({
      title: 'At a time',
      help: `How many items are worked on at a time, ${MAX_CONCURRENCY} at most.`,
    }),
  onItemError: z.enum(['fail', 'continue']).default('fail').meta({
    title: 'If an item fails',
    help: 'fail: no further item begins, and the loop fails. continue: the others go on; `errors` says which failed.',
  }),
});

/** What the engine opens the loop with. Throws `StepFailure` for what is no list, or too long a one. */
export function openLoop({ items, concurrency, onItemError }: z.output<typeof eachInput>): { output: Json } {
  if (!Array.isArray(items)) throw invalid('items_not_a_list', `"items" is ${kindOf(items)}, not a list.`);
  if (items.length > MAX_ITEMS)
    throw invalid(
      'too_many_items',
      `The list has ${items.length} items; a loop takes ${MAX_ITEMS}. Split it up.`,
    );
  return { output: { items: items as Json[], concurrency, onItemError } };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function invalid(code: string, message: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code, message, pointer: '/config/items' });
}

export const each: ActionDef = {
  kind: 'action',
  id: 'each',
  version: 1,
  label: 'For each',
  summary: 'Runs the steps inside it once for each item of a list.',
  icon: 'repeat',
  effect: 'pure',
  isLoop: true,
  input: eachInput,
  output: z.object({
    results: z.array(jsonSchema),
    errors: z.array(z.object({ index: z.int(), error: jsonSchema })),
  }),
  sample: {
    results: [{ id: 1042 }, null],
    errors: [
      { index: 1, error: { kind: 'invalid', code: 'http_status', message: 'The far end answered 404.' } },
    ],
  },
  initialConfig: { items: { $expr: '' } },
};
