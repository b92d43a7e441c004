import type { IncomingMessage, ServerResponse } from 'node:http';

import { slugSchema } from '#core/flow-document.ts';
import { findKeySet } from '#server/jwks/find-key-set.ts';

const PATH = /^\/\.well-known\/jwks\/([^/]+)\/([^/]+)\.json$/;
/** How long receivers and proxies may keep the keys, in seconds. */
const MAX_AGE = 300;

/**
 * Answers `/.well-known/jwks/<workspace>/<connection>.json`, for anybody: public keys are no secret. False for any other path:
 * nothing was written.
 */
export async function answerKeySet(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const [, workspace = '', slug = ''] = PATH.exec(request.url?.split('?')[0] ?? '') ?? [];
  if (workspace === '') return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    send(response, { status: 405, title: 'Method not allowed' });
    return true;
  }
  const isName = [workspace, slug].every((each) => slugSchema.safeParse(each).success);
  const found = isName ? await findKeySet(workspace, slug) : null;
  if (!found) {
    send(response, { status: 404, title: 'No such key set' });
    return true;
  }
  response.writeHead(200, {
    'Content-Type': 'application/jwk-set+json',
    'Cache-Control': `public, max-age=${MAX_AGE}`,
    'Access-Control-Allow-Origin': '*',
  });
  response.end(JSON.stringify(found));
  return true;
}

function send(response: ServerResponse, problem: { readonly status: number; readonly title: string }): void {
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify({ type: 'about:blank', ...problem }));
}
