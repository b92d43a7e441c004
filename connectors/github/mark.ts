import type { MarkShape } from '#connectors/contract.ts';

/** A branch that leaves and comes back, in the colour of the text around: GitHub's own is black or white. */
export const githubMark: readonly MarkShape[] = [
  {
    d: 'M7 1.5a3.5 3.5 0 0 1 1.2 6.8v1.2a5 5 0 0 0 4 1.8h1.4a3.5 3.5 0 1 1 0 2.4h-1.4a7.4 7.4 0 0 1-4-1.1v3.1a3.5 3.5 0 1 1-2.4 0V8.3A3.5 3.5 0 0 1 7 1.5z',
  },
];
