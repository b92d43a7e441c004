import { z } from 'zod';

import type { TriggerDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';

/** Settings of `core.manual`. */
export const manualInput = z.strictObject({
  schema: z.record(z.string(), jsonSchema).optional().meta({
    title: 'Schema of the input',
    help: 'A JSON Schema. Runs are started with an input that matches it.',
    widget: 'json',
    expression: false,
  }),
});

export const manual: TriggerDef = {
  kind: 'trigger',
  id: 'manual',
  version: 1,
  label: 'Manual start',
  summary: 'Starts a run by hand or by the API, with an input.',
  icon: 'play',
  delivery: 'manual',
  input: manualInput,
  output: jsonSchema,
  sample: { name: 'Ada', amount: 12 },
};
