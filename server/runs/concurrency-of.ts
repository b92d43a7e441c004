import { evaluateValue } from '#core/evaluate-value.ts';
import type { FlowSettings } from '#core/flow-document.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { asKey } from '#server/ingress/dedupe-key.ts';

/** What a run stands in line by, as its row keeps it. */
export interface RunConcurrency {
  readonly key: string;
  /** Null where the key could not be made out: the run stands in no line and fails as it begins. */
  readonly limit: number | null;
}

const POINTER = '/settings/concurrency/key';
/** Sets the three apart: an evaluated key, a failed one, and none at all, which is one key for the whole flow. */
const MADE = '=';
const FAILED = '!';
const WHOLE_FLOW = '';

/**
 * The key of a run that is about to be stored, by the settings of its version: for each way in which runs begin. Null for
 * a flow without the setting. A key that cannot be evaluated loses no event: it is kept as what `keyFault` reads.
 *
 * @param given what expressions see: the trigger value, and `slug` and `version` of the flow.
 */
export async function concurrencyOf(
  settings: FlowSettings,
  given: { readonly trigger: () => Json; readonly flow: JsonObject },
): Promise<RunConcurrency | null> {
  const { concurrency } = settings;
  if (concurrency === undefined) return null;
  const { key, limit } = concurrency;
  if (key === undefined) return { key: WHOLE_FLOW, limit };
  try {
    const context = { trigger: given.trigger(), steps: {}, flow: given.flow };
    return { key: MADE + (asKey(await evaluateValue(key, context, POINTER)) ?? ''), limit };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { key: FAILED + JSON.stringify(error.error), limit: null };
  }
}

/** Why a run cannot begin: its key failed when its event was accepted. Undefined for every other run. */
export function keyFault(run: {
  readonly concurrencyKey: string | null;
  readonly concurrencyLimit: number | null;
}): StepFailure | undefined {
  const { concurrencyKey, concurrencyLimit } = run;
  if (concurrencyLimit !== null || !concurrencyKey?.startsWith(FAILED)) return undefined;
  const error = JSON.parse(concurrencyKey.slice(FAILED.length)) as StepError;
  return new StepFailure({
    ...error,
    message: `The key that this flow's runs are ordered by (settings, concurrency) failed for this event: ${error.message}`,
    pointer: POINTER,
  });
}
