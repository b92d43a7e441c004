import { z } from 'zod';

import type { ActionDef, CalledRun, HandlerResult, StepContext } from '#connectors/contract.ts';
import { jsonSchema, slugSchema } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

/** Settings of `core.call`. */
export const callInput = z.strictObject({
  flow: slugSchema.meta({
    title: 'Flow',
    help: 'The slug of a published flow that begins with a manual start.',
    widget: 'flow',
    expression: false,
  }),
  input: z.unknown().optional().meta({
    title: 'Input',
    help: 'What the called flow begins with: its trigger.body.',
    widget: 'value',
  }),
  wait: z.boolean().default(true).meta({
    title: 'Wait for its end',
    help: 'On: the output of the called run is the output of this step, and its failure is the failure of this step.',
    expression: false,
  }),
});

export const call: ActionDef = {
  kind: 'action',
  id: 'call',
  version: 1,
  label: 'Call a flow',
  summary: 'Starts another flow, once for each step, and goes on with its output.',
  icon: 'workflow',
  effect: 'keyed',
  canWait: true,
  input: callInput,
  output: jsonSchema,
  sample: { ok: true },
  initialConfig: { flow: '', input: { $expr: 'trigger.body' }, wait: true },
};

/** Starts the run, waits for it, and passes on what came of it. Not waiting, it passes on `{ "runId" }`. */
export async function startCall(
  { flow, input = null, wait }: z.output<typeof callInput>,
  { resumed, services }: StepContext,
): Promise<HandlerResult> {
  if (resumed) return { output: outputOf(flow, resumed.signal as unknown as CalledRun) };
  const { runId } = await services.callFlow({ flow, input: input as Json, isAwaited: wait });
  if (!wait) return { output: { runId } };
  return { suspend: { for: 'call', until: null, state: { runId } } };
}

function outputOf(flow: string, run: CalledRun): Json {
  if (run.status === 'succeeded') return run.output;
  const reason = (run.error as { message?: string } | null)?.message;
  const message =
    run.status === 'cancelled'
      ? `The called run of “${flow}” was cancelled.`
      : `The called run of “${flow}” failed: ${reason ?? 'it does not say why.'}`;
  const detail = { runId: run.runId, status: run.status, error: run.error };
  throw new StepFailure({ kind: 'invalid', code: 'called_run_failed', message, detail });
}
