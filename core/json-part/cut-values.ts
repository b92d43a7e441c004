import type { CutValue, Run } from '../api/runs.ts';
import { isJsonObject, type Json } from '../json.ts';

/** Longer JSON texts are left out: pages ask for parts of them. */
export const CUT_BYTES = 64 * 1024;

/** A run without its large values: null stands in their place, and `cut` names them. Of the event, the body may be one. */
export function cutValues(run: Run, most: number = CUT_BYTES): Run {
  const cut: CutValue[] = [];
  const keep = (
    value: Json,
    of: CutValue['of'],
    step?: { readonly nodeId: string; readonly key: string },
  ): Json => {
    const bytes = value === null ? 0 : JSON.stringify(value).length;
    if (bytes <= most) return value;
    cut.push({ of, node: step?.nodeId ?? null, key: step?.key ?? '', bytes });
    return null;
  };
  const trigger = isJsonObject(run.trigger)
    ? { ...run.trigger, body: keep(run.trigger['body'] ?? null, 'trigger') }
    : run.trigger;
  const output = keep(run.output, 'output');
  const steps = run.steps.map((step) => ({
    ...step,
    input: keep(step.input, 'step_input', step),
    output: keep(step.output, 'step_output', step),
  }));
  return { ...run, trigger, output, steps, cut };
}
