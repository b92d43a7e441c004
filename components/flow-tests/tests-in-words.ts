import type { FlowTestRun } from '#core/api/flow-tests.ts';

/** What tests came to, in a few words: `3 tests passed`, `1 of 3 tests failed`. */
export function testsInWords({ status, passed, failed }: FlowTestRun): string {
  if (status !== 'done') return 'No worker has run the tests';
  const all = passed + failed;
  if (failed > 0) return `${failed} of ${counted(all)} failed`;
  return `${counted(all)} passed`;
}

/** `1 test`, `2 tests`. */
export function counted(tests: number): string {
  return `${tests} ${tests === 1 ? 'test' : 'tests'}`;
}
