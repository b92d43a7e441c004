import type { StepResult } from '#connectors/contract.ts';
import { findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { stepContext } from './step-context.ts';

/** Runs an action with settings that the registry parses, as the worker does, and checks its output against the schema. */
export async function runAction(type: string, settings: JsonObject): Promise<StepResult> {
  const { operation } = findOperation(type, 1)!;
  const input = operation.input.parse(settings) as JsonObject;
  const result = await findHandler(type, 1)!(input, stepContext());
  if ('suspend' in result) throw new Error(`${type} waits`);
  operation.output.parse(result.output);
  return result;
}

/** The output alone, as plain JSON. */
export async function outputOf(type: string, settings: JsonObject): Promise<Json> {
  return JSON.parse(JSON.stringify((await runAction(type, settings)).output)) as Json;
}

/** The failure of an action that must fail. */
export async function failureOf(type: string, settings: JsonObject): Promise<StepError> {
  const thrown: unknown = await runAction(type, settings).catch((error: unknown) => error);
  if (thrown instanceof StepFailure) return thrown.error;
  throw new Error(`expected a StepFailure, got ${JSON.stringify(thrown) ?? String(thrown)}`, {
    cause: thrown,
  });
}
