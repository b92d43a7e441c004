import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** Settings of `core.respond`. */
export const respondInput = z.strictObject({
  status: z
    .int()
    .min(200)
    .max(599)
    .default(200)
    .meta({ title: 'Status', help: 'HTTP status of the reply, 200 to 599.' }),
  headers: z
    .record(
      z.string().regex(headerName, 'this is not the name of a header'),
      z.string().regex(/^[^\r\n\0]*$/, 'a header is one line'),
    )
    .default({})
    .meta({ title: 'Headers', widget: 'key_values', advanced: true }),
  body: z.unknown().optional().meta({
    title: 'Body',
    help: 'Sent as JSON, or as it is when it is text. It is the output of the run, too.',
    widget: 'value',
  }),
});

/** Settings of `core.stop`. */
export const stopInput = z.strictObject({
  status: z.enum(['succeeded', 'failed']).default('succeeded').meta({ title: 'The run ends' }),
  message: z.string().max(10_000).optional().meta({
    title: 'Message',
    help: 'Shown on the run. Say why it ends here.',
    placeholder: 'Nothing to do for orders under 10.',
  }),
});

export const respond: ActionDef = {
  kind: 'action',
  id: 'respond',
  version: 1,
  label: 'Respond',
  summary: 'Sets the reply to the caller and the output of the run; the flow goes on.',
  icon: 'reply',
  effect: 'pure',
  input: respondInput,
  output: jsonSchema,
  sample: { ok: true },
  initialConfig: { status: 200, body: { ok: true } },
};

export const stop: ActionDef = {
  kind: 'action',
  id: 'stop',
  version: 1,
  label: 'Stop',
  summary: 'Ends the run, succeeded or failed.',
  icon: 'octagon-x',
  effect: 'pure',
  input: stopInput,
  output: z.object({ status: z.enum(['succeeded', 'failed']), message: z.string().nullable() }),
  sample: { status: 'succeeded', message: 'Nothing to do.' },
  outputs: [],
  endsRun: true,
  initialConfig: { status: 'succeeded' },
};
