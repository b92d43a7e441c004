import type { HttpCall } from '#connectors/kit/http-call.ts';

/** A list as HubSpot turns its pages. */
export function hubspotPages(method: 'GET' | 'POST', path: string): HttpCall {
  const place = method === 'GET' ? 'query' : 'body';
  return {
    method,
    path,
    pick: '/results',
    paging: {
      kind: 'cursor',
      next: '/paging/next/after',
      name: 'after',
      place,
      size: { name: 'limit', most: 100, place },
    },
  };
}
