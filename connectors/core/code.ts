import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';

const DEFAULT_EXPORT = /\bexport\s+default\b|\bas\s+default\b/;

/** Settings of `core.code`. */
export const codeInput = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(200_000)
    .refine(
      (text) => text === '' || DEFAULT_EXPORT.test(text),
      'must export a function: begin it with "export default (input) => …"',
    )
    .meta({
      title: 'Code',
      help: 'JavaScript with a default export that takes the input and gives back the output; it may be async. It has the language and console.log, but no network, files, timers or imports. Dates are in UTC.',
      placeholder: 'export default (input) => input',
      widget: 'code',
      expression: false,
    }),
  input: z.unknown().optional().meta({
    title: 'Input',
    help: 'What the function is called with: any value, 4 MB at most. Empty: null.',
    widget: 'value',
  }),
});

/**
 * A person's JavaScript, in the sandbox. It may read the clock and throw dice, so its output is journalled like that of a
 * call (`read`): what follows sees one result, whatever crashes; only code that a crash cut short runs again.
 */
export const code: ActionDef = {
  kind: 'action',
  id: 'code',
  version: 1,
  label: 'Code',
  summary: 'Runs JavaScript of your own on the data, shut off from everything else.',
  icon: 'code',
  effect: 'read',
  timeoutSeconds: 10,
  input: codeInput,
  output: jsonSchema,
  sample: { total: 129.5, lines: 2 },
  initialConfig: {
    code: 'export default (input) => {\n  return input;\n};\n',
    input: { $expr: 'trigger.body' },
  },
};
