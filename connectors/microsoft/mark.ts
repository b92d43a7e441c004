import type { MarkShape } from '#connectors/contract.ts';

/** Panes of a window that stand open, in Microsoft's colours. */
export const microsoftMark: readonly MarkShape[] = [
  { d: 'M3 5.5 11 4v7.5H3z', fill: '#f25022' },
  { d: 'M12.5 3.7 21 2v9.5h-8.5z', fill: '#7fba00' },
  { d: 'M3 13h8v7.5L3 19z', fill: '#00a4ef' },
  { d: 'M12.5 13H21v9.5l-8.5-1.7z', fill: '#ffb900' },
];
