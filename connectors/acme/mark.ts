import type { MarkShape } from '#connectors/contract.ts';

/** An anvil: what the Acme of the cartoons is known for. */
export const acmeMark: readonly MarkShape[] = [
  {
    d: 'M2 7h5v2.2h1.4V6H22v1.6c0 3-2.6 5-5.8 5.2v2.4h2.6l1.2 3.6H6.6l1.2-3.6h2.6v-2.6C6 12.4 2.6 10.4 2 7z',
    fill: '#e5484d',
  },
];
