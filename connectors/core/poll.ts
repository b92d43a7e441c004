import { z } from 'zod';

import type { TriggerDef } from '#connectors/contract.ts';
import { requestInput } from '#connectors/http/definition.ts';
import { onDriftOfItem } from '#connectors/on-drift.ts';
import { jsonSchema } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';

const ownInput = z.strictObject({
  everySeconds: z.int().min(10).max(2_592_000).default(300).meta({
    title: 'Every (seconds)',
    help: 'From 10 seconds to 30 days.',
    expression: false,
  }),
  items: z
    .unknown()
    .optional()
    .meta({
      title: 'Items',
      help: 'Where the list is in the reply ({ status, headers, body }). Left empty, the body is the list.',
      placeholder: 'reply.body.data',
      widget: 'expression',
      expressionOnly: true,
      names: ['reply', 'cursor', 'flow'],
    }),
  key: z
    .unknown()
    .optional()
    .meta({
      title: 'Key',
      help: 'What tells an item from the others. An item whose key was seen within 30 days starts no run. Left empty, the whole item counts.',
      placeholder: 'item.id',
      widget: 'expression',
      expressionOnly: true,
      names: ['item', 'reply', 'cursor', 'flow'],
    }),
  cursor: z
    .unknown()
    .optional()
    .meta({
      title: 'Cursor',
      help: 'Kept for the next request as “cursor”. A reply that yields nothing here leaves the cursor as it was.',
      placeholder: 'items[-1].id',
      widget: 'expression',
      expressionOnly: true,
      advanced: true,
      names: ['reply', 'items', 'cursor', 'flow'],
    }),
  first: z.enum(['skip', 'run']).default('skip').meta({
    title: 'Items that are there already',
    help: 'Skip: the first reply after publishing only shows what is old. Run: its items start runs, too.',
    expression: false,
    advanced: true,
  }),
  onDrift: onDriftOfItem,
});

/** Settings of `core.poll`. */
export const pollInput = z.strictObject({
  request: requestInput.meta({
    title: 'Request',
    help: 'Asked again and again. Its expressions see “cursor”: what was kept of the last reply, null at first.',
    names: ['cursor', 'flow'],
  }),
  ...ownInput.shape,
});

/** Settings of a poll but its request, with the defaults filled in; `items`, `key` and `cursor` are yet to be evaluated. */
export type PollSettings = z.output<typeof ownInput>;

/** Reads the settings of a poll but its request, which is whole only once its expressions are evaluated. */
export function pollSettings({ request: _, ...own }: JsonObject): PollSettings {
  return ownInput.parse(own);
}

export const poll: TriggerDef = {
  kind: 'trigger',
  id: 'poll',
  version: 1,
  label: 'Poll',
  summary: 'Asks an HTTP API for new items and starts a run for each.',
  icon: 'refresh-cw',
  delivery: 'polling',
  input: pollInput,
  output: jsonSchema,
  sample: { id: 1042, number: 'A-1042', status: 'open' },
  connectors: 'callers',
  initialConfig: {
    request: { method: 'GET', url: '' },
    everySeconds: 300,
    key: { $expr: 'item.id' },
    first: 'skip',
  },
};
