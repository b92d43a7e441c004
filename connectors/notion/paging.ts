import type { HttpCall } from '#connectors/kit/http-call.ts';

/** A list as Notion turns its pages: by POST, with the cursor in the body. */
export function notionPages(path: string): HttpCall {
  return {
    method: 'POST',
    path,
    pick: '/results',
    paging: {
      kind: 'cursor',
      next: '/next_cursor',
      name: 'start_cursor',
      place: 'body',
      size: { name: 'page_size', most: 100, place: 'body' },
    },
  };
}
