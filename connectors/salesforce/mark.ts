import type { MarkShape } from '#connectors/contract.ts';

/** A cloud in Salesforce's blue. */
export const salesforceMark: readonly MarkShape[] = [
  {
    d: 'M7 19a5 5 0 0 1-1-9.9A5.5 5.5 0 0 1 15.6 6.4 4.5 4.5 0 0 1 21 11a4.2 4.2 0 0 1-3.5 8z',
    fill: '#00a1e0',
  },
];
