/** Loaded into a worker before its code: a handler with the worst flaw that one can have. */
import type { ActionHandler } from '#connectors/contract.ts';
import { httpHandlers } from '#connectors/http/handlers.ts';

for (const handler of httpHandlers) {
  const { handle } = handler;
  const broken: ActionHandler = (input, context) => {
    if (!JSON.stringify(input['url']).includes('/bug')) return handle(input, context);
    const told = JSON.stringify(context.connection?.fields);
    context.log(`about to fail with ${told}`);
    throw new TypeError(`cannot read ${told}`, { cause: context.connection });
  };
  Object.assign(handler, { handle: broken });
}
