import type { HttpCall } from '#connectors/kit/http-call.ts';

/** A list as Graph turns its pages: each reply has the address of the next. */
export function graphPages(path: string, most = 100): HttpCall {
  return {
    method: 'GET',
    path,
    pick: '/value',
    paging: { kind: 'link', next: '/@odata.nextLink', size: { name: '$top', most } },
  };
}
