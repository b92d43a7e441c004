import type { MarkShape } from '#connectors/contract.ts';

/** Four rods that cross, in Slack's four colours. */
export const slackMark: readonly MarkShape[] = [
  { d: 'M8 2h2.5v9H8z', fill: '#36c5f0' },
  { d: 'M13 8h9v2.5h-9z', fill: '#2eb67d' },
  { d: 'M13.5 13H16v9h-2.5z', fill: '#ecb22e' },
  { d: 'M2 13.5h9V16H2z', fill: '#e01e5a' },
];
