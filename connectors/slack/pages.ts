import type { HttpCall } from '#connectors/kit/http-call.ts';

/** A list as Slack turns its pages. */
export function slackPages(path: string, pick: string): HttpCall {
  return {
    method: 'GET',
    path,
    pick,
    paging: {
      kind: 'cursor',
      next: '/response_metadata/next_cursor',
      name: 'cursor',
      size: { name: 'limit', most: 200 },
    },
  };
}
