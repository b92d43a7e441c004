/**
 * How the far end behaves towards one node, written into the URL that the node calls: `ok`, `503x2` (fails twice, then
 * works), `503` (fails for good), `400`, `resetx1`, `reset`; then, where only some items fail, `@3r1` (those whose innermost
 * index leaves 1 when divided by 3); then the delay in milliseconds, `~5`.
 */
export interface CallPlan {
  readonly fault: 'none' | '503' | '400' | 'reset';
  /** How many calls fail before one works; null: all. */
  readonly times: number | null;
  readonly every: { readonly divisor: number; readonly rest: number } | null;
  readonly delayMs: number;
}

export function formatPlan({ fault, times, every, delayMs }: CallPlan): string {
  const name = fault === 'none' ? 'ok' : `${fault}${times === null ? '' : `x${times}`}`;
  return `${name}${every === null ? '' : `@${every.divisor}r${every.rest}`}~${delayMs}`;
}

export function parsePlan(text: string): CallPlan {
  const match = /^(ok|503|400|reset)(?:x(\d+))?(?:@(\d+)r(\d+))?~(\d+)$/.exec(text);
  if (match === null) throw new Error(`"${text}" is no plan of a call.`);
  const [, name, times, divisor, rest, delay] = match;
  return {
    fault: name === 'ok' ? 'none' : (name as CallPlan['fault']),
    times: times === undefined ? null : Number(times),
    every: divisor === undefined ? null : { divisor: Number(divisor), rest: Number(rest) },
    delayMs: Number(delay),
  };
}

/** What befalls the call with this number (from 1) that a step makes. */
export function faultOf(plan: CallPlan, key: string, call: number): CallPlan['fault'] {
  const index = Number(key.split('.').at(-1) ?? '0');
  if (plan.every !== null && index % plan.every.divisor !== plan.every.rest) return 'none';
  return plan.times === null || call <= plan.times ? plan.fault : 'none';
}

/** What a call that works answers with, given the number that it carried. */
export function answerTo(nodeId: string, given: unknown): number {
  const number = typeof given === 'number' ? given : 5;
  return (Math.abs(number) * 3 + nodeId.length) % 997;
}
