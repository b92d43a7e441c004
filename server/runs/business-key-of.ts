import { toBusinessKey, type BusinessKey } from '#core/business-key.ts';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { FlowSettings } from '#core/flow-document.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';

/**
 * The business key of a run that is about to be stored, as JSON text that jsonb takes, by the settings of its version; null for
 * a flow without the setting. An expression that fails costs no event its run: the key says why it has no value.
 *
 * @param given what expressions see: the trigger value, and `slug` and `version` of the flow.
 */
export async function businessKeyOf(
  { businessKey }: Pick<FlowSettings, 'businessKey'>,
  given: { readonly trigger: () => Json; readonly flow: JsonObject },
): Promise<string | null> {
  if (businessKey === undefined) return null;
  const { name, value } = businessKey;
  return toStoredJson((await evaluate(name, value, given)) as unknown as Json);
}

async function evaluate(
  name: string,
  value: Json,
  { trigger, flow }: { readonly trigger: () => Json; readonly flow: JsonObject },
): Promise<BusinessKey> {
  try {
    const context = { trigger: trigger(), steps: {}, flow };
    return toBusinessKey(name, await evaluateValue(value, context, '/settings/businessKey/value'));
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { name, value: null, fault: error.error.message.slice(0, 500) };
  }
}
