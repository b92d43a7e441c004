import type { Run, Step } from '#core/api/runs.ts';
import type { Expectation } from '#core/flow-tests/expectation.ts';
import { jsonPointer } from '#core/fault.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { callsOut } from '#core/pins/calls-out.ts';

/** A field of a run that a test may be made to check. */
export interface FieldChoice {
  readonly expectation: Expectation & { readonly op: 'equals'; readonly value: Json };
  /** `output.title`. */
  readonly name: string;
}

/** The fields of one step, or of the run as a whole. */
export interface FieldGroup {
  /** Null for the run. */
  readonly nodeId: string | null;
  readonly fields: readonly FieldChoice[];
}

const MAX_FIELDS = 40;
const MAX_DEPTH = 4;

/**
 * The fields of a run that a test can be made of: how the run and each step ended, what it made, and of calls what they were
 * sent. Lists are one field each; deep or many fields are offered as a whole.
 */
export function fieldChoices(run: Run): FieldGroup[] {
  const callers = new Set(run.document.nodes.filter(callsOut).map(({ id }) => id));
  const trigger = run.steps[0]?.nodeId;
  const steps = run.steps.filter(
    ({ key, status, nodeId }) => key === '' && status !== 'skipped' && nodeId !== trigger,
  );
  return [
    { nodeId: null, fields: [choice(null, ['status'], run.status), ...leaves(null, ['output'], run.output)] },
    ...steps.map((step) => ({ nodeId: step.nodeId, fields: fieldsOf(step, callers.has(step.nodeId)) })),
  ];
}

/** A call's output is what the test itself answers with: what it was sent is what can go wrong. */
function fieldsOf(step: Step, isCall: boolean): FieldChoice[] {
  const status = choice(step.nodeId, ['status'], step.status);
  if (isCall) return [status, ...leaves(step.nodeId, ['input'], step.input)];
  return [status, ...leaves(step.nodeId, ['output'], step.output)];
}

function leaves(nodeId: string | null, path: readonly string[], value: Json): FieldChoice[] {
  if (value === null) return [];
  const found = walk(nodeId, path, value);
  return found.length > 0 && found.length <= MAX_FIELDS ? found : [choice(nodeId, path, value)];
}

function walk(nodeId: string | null, path: readonly string[], value: Json): FieldChoice[] {
  if (!isJsonObject(value) || path.length > MAX_DEPTH || Object.keys(value).length === 0)
    return [choice(nodeId, path, value)];
  return Object.entries(value).flatMap(([name, part]) => walk(nodeId, [...path, name], part));
}

function choice(nodeId: string | null, path: readonly string[], value: Json): FieldChoice {
  return {
    expectation: { nodeId, key: '', path: jsonPointer(path), op: 'equals', value },
    name: path.join('.'),
  };
}
