import type { z } from 'zod';

import type { ActionHandler, HandlerResult, StepContext } from './contract.ts';

/** A handler of one operation, as it stands in a connector's `handlers.ts`. */
export interface HandlerDef {
  /** Type id and version on disk, `core.map@1`. */
  readonly key: string;
  readonly handle: ActionHandler;
}

/**
 * Fixes the type of a handler's input to that of its operation's settings, which the step runner has parsed with `schema`
 * before it calls.
 */
export function handleAction<S extends z.ZodObject>(
  key: string,
  _schema: S,
  run: (input: z.output<S>, context: StepContext) => Promise<HandlerResult> | HandlerResult,
): HandlerDef {
  return { key, handle: (input, context) => run(input as z.output<S>, context) };
}
