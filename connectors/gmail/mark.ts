import type { MarkShape } from '#connectors/contract.ts';

/** An envelope in Gmail's colours. */
export const gmailMark: readonly MarkShape[] = [
  { d: 'M2 6h20v13H2z', fill: '#f1f3f4' },
  { d: 'M2 6l10 8L22 6v3l-10 8L2 9z', fill: '#ea4335' },
  { d: 'M2 9l4 3.2V19H2z', fill: '#4285f4' },
  { d: 'M22 9l-4 3.2V19h4z', fill: '#34a853' },
];
