import type { Evidence } from './evidence.ts';
import type { FarCall } from './far-end.ts';
import { type PredictedStep, type Prediction, stepName } from './prediction.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Which calls reached the far end, how often and under which key. One line for each fault. */
export function checkCalls(predicted: Prediction, evidence: Evidence): string[] {
  const byStep = callsByStep(evidence.calls);
  const expected = new Map([...predicted.steps, ...predicted.undone]);
  return [
    ...[...byStep].flatMap(([name, calls]) => [
      ...checkKey(name, calls),
      ...checkRepeats(name, calls, evidence),
      ...(expected.has(name) ? [] : [`${name} called the far end, which nothing asked for`]),
    ]),
    ...[...expected].flatMap(([name, step]) => checkCount(step, byStep.get(name) ?? [], evidence)),
    ...checkKeysDiffer(byStep),
  ];
}

export function callsByStep(calls: readonly FarCall[]): ReadonlyMap<string, readonly FarCall[]> {
  return Map.groupBy(calls, (call) => stepName(call.nodeId, call.key));
}

function checkKey(name: string, calls: readonly FarCall[]): string[] {
  const keys = new Set(calls.map((call) => call.idempotencyKey));
  const [key] = keys;
  if (calls.every((call) => call.method === 'GET')) return [];
  if (keys.size > 1) return [`${name} was called under the keys ${[...keys].join(', ')}`];
  return key !== undefined && UUID.test(key) ? [] : [`${name} was called under the key ${key}`];
}

function checkKeysDiffer(byStep: ReadonlyMap<string, readonly FarCall[]>): string[] {
  const keys = [...byStep.values()].flatMap(([call]) => call?.idempotencyKey ?? []);
  return keys.length === new Set(keys).size ? [] : ['two steps have the same idempotency key'];
}

/** Nothing that worked is repeated, unless its worker died; nothing that was committed ever is. */
function checkRepeats(
  name: string,
  calls: readonly FarCall[],
  { deaths, committed, document }: Evidence,
): string[] {
  const faults: string[] = [];
  const worked = calls.filter((call) => call.result === 'worked').length;
  if (worked > 1 + deaths) faults.push(`${name} worked ${worked} times, with ${deaths} workers dying`);
  const isOnce = document.nodes.some((node) => node.id === calls[0]?.nodeId && node.effect === 'once');
  if (isOnce && calls.length > 1)
    faults.push(`${name} must not be repeated and was called ${calls.length} times`);
  const since = committed.get(name);
  if (since !== undefined && calls.some((call) => call.arrived > since))
    faults.push(`${name} was called again after it was committed`);
  return faults;
}

function checkCount(step: PredictedStep, calls: readonly FarCall[], { deaths }: Evidence): string[] {
  const name = stepName(step.nodeId, step.key);
  const { length } = calls;
  // Of calls that change nothing, the failed attempts too may be in memory alone when their worker dies.
  const isRead = calls.every((call) => call.method === 'GET');
  const most = isRead ? step.arrivals * (1 + deaths) : step.arrivals + deaths;
  if (step.status === 'unbegun' || step.status === 'skipped') {
    // A call may have been in flight when its worker died and its scope was stopped: then no row tells of it.
    const isStray = step.wasStopped && step.status === 'unbegun' && deaths > 0;
    return length === 0 || isStray ? [] : [`${name} is ${step.status} and was called ${length} times`];
  }
  if (step.status === 'cancelled') return [];
  // An attempt that is written down may die with its worker before it is sent.
  const least = step.arrivals === 0 ? 0 : Math.max(1, step.arrivals - deaths);
  if (length < least || length > most)
    return [`${name} was called ${length} times, expected ${least === most ? least : `${least} to ${most}`}`];
  const worked = calls.some((call) => call.result === 'worked');
  if (step.arrivals > 0 && worked !== (step.status === 'succeeded'))
    return [`${name} is ${step.status}, but the far end ${worked ? 'did' : 'never did'} what it asked for`];
  return [];
}
