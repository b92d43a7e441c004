import { z } from 'zod';

import type { JsonObject } from '#core/json.ts';

const LEARNT =
  'Patchbay learns what they look like. When a known field is missing, null or of another type: accept: run anyway and tell you. Quarantine: store it, run nothing.';

/** What a trigger does whose provider sends to an address of the flow's own. */
const onDriftOfDelivery = z
  .enum(['accept', 'quarantine', 'reject'])
  .default('accept')
  .meta({
    title: 'When an event is not as usual',
    help: `${LEARNT} Reject: answer 422, store nothing.`,
    expression: false,
    advanced: true,
  });

/** An app's address is that of all its accounts and flows: a refusal of one flow is not told to the app. */
const onDriftOfAppEvent = z
  .enum(['accept', 'quarantine', 'reject'])
  .default('accept')
  .meta({
    title: 'When an event is not as usual',
    help: `${LEARNT} Reject: store nothing; the app is answered as ever, since other flows share its address.`,
    expression: false,
    advanced: true,
  });

/** What was asked for cannot be refused. */
export const onDriftOfItem = z.enum(['accept', 'quarantine']).default('accept').meta({
  title: 'When an item is not as usual',
  help: LEARNT,
  expression: false,
  advanced: true,
});

/** The setting of a connector's triggers, by how their events come. */
export const ON_DRIFT = {
  subscription: onDriftOfDelivery,
  app_event: onDriftOfAppEvent,
  polling: onDriftOfItem,
} as const;

/** As the settings of any of them say. */
export const onDriftIn = ({ onDrift }: JsonObject): z.output<typeof onDriftOfDelivery> =>
  onDriftOfDelivery.parse(onDrift);

/** The settings that say what is asked of a provider: another answer to drift asks for nothing else. */
export function withoutOnDrift({ onDrift: _, ...asked }: JsonObject): JsonObject {
  return asked;
}
