import type { MarkShape } from '#connectors/contract.ts';

/** Four stones in a ring, in Microsoft's colours. */
export const microsoftMark: readonly MarkShape[] = [
  { d: 'M12 2l4.5 4.5L12 11 7.5 6.5z', fill: '#f25022' },
  { d: 'M17.5 7.5 22 12l-4.5 4.5L13 12z', fill: '#7fba00' },
  { d: 'M12 13l4.5 4.5L12 22l-4.5-4.5z', fill: '#ffb900' },
  { d: 'M6.5 7.5 11 12l-4.5 4.5L2 12z', fill: '#00a4ef' },
];
