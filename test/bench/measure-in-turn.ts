import { measure, type Load, type Measured, type Scenario } from './scenarios.ts';
import type { System } from './systems/system.ts';

/** Round by round, so that what else the machine does meets all of them. */
export async function measureInTurn(
  systems: readonly System[],
  scenario: Scenario,
  {
    load,
    rounds,
    say,
  }: { readonly load: Load; readonly rounds: number; readonly say: (line: object) => void },
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (let round = 1; round <= rounds; round += 1)
    for (const system of systems) {
      const figures = await measure(system, scenario, load);
      say({ round, ...figures });
      measured.push(figures);
    }
  return measured;
}

/** True when no event was lost or doubled. */
export function isUnharmed(measured: readonly Measured[]): boolean {
  return measured.every(({ lost, duplicated }) => lost + duplicated === 0);
}
