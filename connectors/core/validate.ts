import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';

/** Settings of `core.validate`. */
export const validateInput = z.strictObject({
  value: z.unknown().meta({
    title: 'Value',
    help: 'What is checked. It is the output, too.',
    widget: 'value',
  }),
  schema: z.record(z.string(), jsonSchema).meta({
    title: 'Schema',
    help: 'A JSON Schema (2020-12, or the draft that $schema names). Patterns are matched in linear time: no look-around, no back-references.',
    widget: 'json',
    expression: false,
  }),
});

export const validate: ActionDef = {
  kind: 'action',
  id: 'validate',
  version: 1,
  label: 'Validate',
  summary: 'Checks a value against a JSON Schema; the step fails with a list of what does not match.',
  icon: 'shield-check',
  effect: 'pure',
  input: validateInput,
  output: jsonSchema,
  sample: { id: 1042, email: 'ada@example.com' },
  initialConfig: { value: { $expr: 'trigger.body' }, schema: { type: 'object', required: [] } },
};
