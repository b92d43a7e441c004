import type { Measured, Scenario } from './scenarios.ts';

/** How one product stands to another in a scenario: medians over the rounds, and their ratio; above 1 the first is ahead. */
export interface Ratio {
  readonly ratio: string;
  readonly scenario: string;
  readonly figure: Scenario['figure'];
  readonly own: number;
  readonly peer: number;
  readonly value: number;
}

export function compareSystems(
  { name, figure }: Scenario,
  measured: readonly Measured[],
  [own, peer]: readonly [string, string],
): Ratio {
  const of = (system: string) =>
    median(measured.filter((each) => each.scenario === name && each.system === system).map(figureOf(figure)));
  const [ownValue, peerValue] = [of(own), of(peer)];
  const value = figure === 'arrivalP99' ? peerValue / ownValue : ownValue / peerValue;
  return {
    ratio: `${own} to ${peer}`,
    scenario: name,
    figure,
    own: ownValue,
    peer: peerValue,
    value: Math.round(value * 100) / 100,
  };
}

const figureOf = (figure: Scenario['figure']) => (each: Measured) =>
  figure === 'arrivalP99' ? each.arrivalMs.p99 : each.deliveredPerSecond;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? NaN, sorted[Math.floor(middle)] ?? NaN];
  return (low + high) / 2;
}
