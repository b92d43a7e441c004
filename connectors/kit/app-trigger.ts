import type { z } from 'zod';

import type { TriggerDef } from '#connectors/contract.ts';
import { ON_DRIFT } from '#connectors/on-drift.ts';
import type { Json } from '#core/json.ts';

/** What a trigger of an app says of itself. */
export interface AppTrigger {
  readonly id: string;
  readonly label: string;
  /** One sentence: "Starts a run when …". */
  readonly summary: string;
  /** Settings, literals all: they are read before there is any data. */
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** An event as a flow gets it. */
  readonly sample: Json;
  readonly note?: string;
}

/** Triggers of an app, which need an account of it. Each can be told what to do with what is not as usual. */
export function appTriggers(
  { connector, delivery, alsoTakes = [] }: AppTriggerFacts,
  triggers: readonly AppTrigger[],
): readonly TriggerDef[] {
  return triggers.map((trigger) => ({
    kind: 'trigger',
    version: 1,
    icon: 'zap',
    delivery,
    connectors: [connector, ...alsoTakes],
    needsConnection: () => true,
    ...trigger,
    input: trigger.input.extend({ onDrift: ON_DRIFT[delivery] }),
  }));
}

export interface AppTriggerFacts {
  /** The connector's id. */
  readonly connector: string;
  readonly delivery: 'subscription' | 'app_event' | 'polling';
  /** Other kinds of connections whose account can ask the provider. */
  readonly alsoTakes?: readonly string[];
}
