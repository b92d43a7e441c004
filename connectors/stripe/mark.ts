import type { MarkShape } from '#connectors/contract.ts';

/** Stripes on a card. */
export const stripeMark: readonly MarkShape[] = [
  { d: 'M4 3h16a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z', fill: '#635bff' },
  { d: 'M5 10.5 19 7v2.5L5 13zM5 15l14-3.5V14L5 17.5z', fill: '#ffffff' },
];
