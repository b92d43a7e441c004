import { expect, it } from 'vitest';

import { compareSystems } from '#test/bench/compare-systems.ts';
import { type Measured, type Scenario, SCENARIOS } from '#test/bench/scenarios.ts';

const scenario = (name: string) => SCENARIOS.find((each) => each.name === name)!;

function measured(system: string, name: string, { rate = 0, p99 = 0 }): Measured {
  const times = { p50: 1, p95: 2, p99 };
  return {
    system,
    scenario: name,
    ...{ accepted: 1, refused: 0, delivered: 1, lost: 0, duplicated: 0, acceptedPerSecond: rate },
    ...{
      deliveredPerSecond: rate,
      stepsPerSecond: 3 * rate,
      msPerStep: 1,
      acceptMs: times,
      arrivalMs: times,
    },
    machine: { cpus: 2, memoryGiB: 24, node: 'v24' },
  };
}

const compare = (of: Scenario, all: readonly Measured[]) => compareSystems(of, all, ['patchbay', 'node-red']);

it('compares rates by the medians of the rounds, more being better', () => {
  const all = [1_000, 3_000, 2_000].flatMap((rate) => [
    measured('patchbay', 'closed', { rate }),
    measured('node-red', 'closed', { rate: rate / 2 }),
    measured('node-red', 'loop', { rate: 9 }),
  ]);
  expect(compare(scenario('closed'), all)).toMatchObject({ own: 2_000, peer: 1_000, value: 2 });
});

it('compares times the other way round', () => {
  const all = [measured('patchbay', 'open-200', { p99: 40 }), measured('node-red', 'open-200', { p99: 10 })];
  expect(compare(scenario('open-200'), all)).toMatchObject({ own: 40, peer: 10, value: 0.25 });
});
