import { afterEach, expect } from 'vitest';

import { startAcme, type Acme, type AcmeOptions } from '#sandbox/start-acme.ts';

/** Starts sandbox apps for the tests of a file and stops them after each; a test fails when one of them failed inside. */
export function useAcme(): (options?: AcmeOptions) => Promise<Acme> {
  const running: Acme[] = [];
  const faults: unknown[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((acme) => acme.stop()));
    expect(faults.splice(0)).toEqual([]);
  });
  return async (options = {}) => {
    const acme = await startAcme({ report: (cause) => void faults.push(cause), ...options });
    running.push(acme);
    return acme;
  };
}
