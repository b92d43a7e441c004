import type { MarkShape } from '#connectors/contract.ts';

/** A green sheet with a table on it. */
export const googleSheetsMark: readonly MarkShape[] = [
  { d: 'M6 2h9l5 5v13a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z', fill: '#0f9d58' },
  { d: 'M15 2l5 5h-5z', fill: '#87ceac' },
  {
    d: 'M7 11h10v8H7zm1.5 1.5v1.8h2.7v-1.8zm4.3 0v1.8h2.7v-1.8zm-4.3 3.2v1.8h2.7v-1.8zm4.3 0v1.8h2.7v-1.8z',
    fill: '#ffffff',
  },
];
