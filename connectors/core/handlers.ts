import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { isTruthy } from '#core/truthiness.ts';
import { approvalInput, askForApproval } from './approval.ts';
import { callInput, startCall } from './call.ts';
import { codeInput } from './code.ts';
import { filterInput, ifInput } from './condition.ts';
import { eachInput, openLoop } from './each.ts';
import { respondInput, stopInput } from './ending.ts';
import { mapInput } from './map.ts';
import { switchInput } from './switch.ts';
import { validateInput } from './validate.ts';
import { validateValue } from './validate-value.ts';
import { waitForTime, waitInput } from './wait.ts';

/** Handlers of the flow's own actions; its triggers need none, since the event is there before the run. */
export const coreHandlers: readonly HandlerDef[] = [
  handleAction('core.map@1', mapInput, ({ output }) => ({ output: output as Json })),

  handleAction('core.filter@1', filterInput, ({ condition }) => {
    const holds = isTruthy(condition as Json);
    return { output: holds, ports: holds ? ['out'] : [] };
  }),

  handleAction('core.if@1', ifInput, ({ condition }) => {
    const holds = isTruthy(condition as Json);
    return { output: holds, ports: [holds ? 'true' : 'false'] };
  }),

  handleAction('core.switch@1', switchInput, ({ cases, mode }) => {
    const held = cases.filter(({ when }) => isTruthy(when as Json)).map(({ port }) => port);
    const ports = held.length === 0 ? ['default'] : mode === 'first' ? held.slice(0, 1) : held;
    return { output: ports, ports };
  }),

  handleAction('core.validate@1', validateInput, ({ value, schema }) => ({
    output: validateValue(value as Json, schema as JsonObject),
  })),

  handleAction('core.code@1', codeInput, async ({ code, input = null }, { services }) => ({
    output: await services.runCode({ code, input: input as Json }),
  })),

  handleAction('core.call@1', callInput, startCall),

  handleAction('core.approval@1', approvalInput, askForApproval),

  handleAction('core.each@1', eachInput, openLoop),

  handleAction('core.wait@1', waitInput, waitForTime),

  handleAction('core.respond@1', respondInput, ({ status, headers, body = null }) => ({
    output: body as Json,
    reply: { status, headers, body: body as Json },
  })),

  handleAction('core.stop@1', stopInput, ({ status, message }) => ({
    output: { status, message: message ?? null },
    ports: [],
    end: message === undefined ? { status } : { status, message },
  })),
];
