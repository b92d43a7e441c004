import type { MarkShape } from '#connectors/contract.ts';

/** A page with lines and a folded corner, black or white as the text around. */
export const notionMark: readonly MarkShape[] = [
  { d: 'M5 2h10l4 4v16H5zm2 2v16h10V7.5h-3.5V4z' },
  { d: 'M9 10h6v1.5H9zm0 3h6v1.5H9zm0 3h4v1.5H9z' },
];
