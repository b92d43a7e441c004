import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';

/** Settings of `core.map`. */
export const mapInput = z.strictObject({
  output: z.unknown().meta({
    title: 'Output',
    help: 'Any value. Objects and lists may hold expressions anywhere.',
    widget: 'value',
  }),
});

export const map: ActionDef = {
  kind: 'action',
  id: 'map',
  version: 1,
  label: 'Map',
  summary: 'Builds a value out of the data of earlier steps.',
  icon: 'braces',
  effect: 'pure',
  input: mapInput,
  output: jsonSchema,
  sample: { id: 1042, title: 'Order A-1042' },
  initialConfig: { output: {} },
};
