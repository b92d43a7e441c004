import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

/** The failure of a step whose data is not what its settings say; the same attempt would fail again. */
export function dataFailure(
  code: string,
  message: string,
  { setting, detail }: { readonly setting?: string; readonly detail?: Json } = {},
): StepFailure {
  return new StepFailure({
    kind: 'invalid',
    code,
    message,
    ...(setting !== undefined && { pointer: `/config/${setting}` }),
    ...(detail !== undefined && { detail }),
  });
}

/** A value as messages quote it: short. */
export function quote(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
