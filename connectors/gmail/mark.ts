import type { MarkShape } from '#connectors/contract.ts';

/** A closed letter with a seal, in Gmail's colours. */
export const gmailMark: readonly MarkShape[] = [
  { d: 'M4 5h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z', fill: '#ea4335' },
  { d: 'M3.5 8 12 14.2 20.5 8l1 1.3L12 16.3 2.5 9.3z', fill: '#ffffff' },
  { d: 'M12 12.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z', fill: '#fbbc04' },
];
