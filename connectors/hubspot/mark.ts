import type { MarkShape } from '#connectors/contract.ts';

/** A hub with three spokes, in HubSpot's orange. */
export const hubspotMark: readonly MarkShape[] = [
  { d: 'M15 9.5a5 5 0 1 1 0 10 5 5 0 0 1 0-10zm0 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z', fill: '#ff7a59' },
  { d: 'M14 4h2v6.5h-2zM4.6 4.2 5.8 2.6l6.4 7-1.6 1.6zM5.2 19.7l5-3.7 1.2 1.6-5 3.7z', fill: '#ff7a59' },
  {
    d: 'M15 1.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM4.5 1.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM4.5 18.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
    fill: '#ff7a59',
  },
];
