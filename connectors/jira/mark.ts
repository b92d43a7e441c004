import type { MarkShape } from '#connectors/contract.ts';

/** Two arrowheads that fly upwards, in Jira's blues. */
export const jiraMark: readonly MarkShape[] = [
  { d: 'M12 2 22 13h-6l-4-4.5L8 13H2z', fill: '#2684ff' },
  { d: 'M12 11l8 9h-5.5L12 17l-2.5 3H4z', fill: '#0052cc' },
];
