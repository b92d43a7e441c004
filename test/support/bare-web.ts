/** The web process as it is, but for the pages: hooks, probes, published keys, the API and where consents end on one port. Sends its URL to its parent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { pool } from '#server/db/pool.ts';
import { watchClock } from '#server/db/clock-watch.ts';
import { EnvironmentError } from '#server/env.ts';
import { handleCallback } from '#server/oauth/handle-callback.ts';
import { admitKeys } from '#server/vault/admit-keys.ts';
import { keyRing } from '#server/vault/key-ring.ts';
import { startMetrics } from '#server/web/metrics.ts';
import { routeRequest } from '#server/web/route-request.ts';
import { answerApi, answerBy } from '#test/support/api-server.ts';

const fault = await admitKeys(pool(), keyRing());
if (fault) throw new EnvironmentError(fault);
await watchClock();
startMetrics();
const state = { isDev: false, isDraining: false, assets: new Map(), handleWithNext: answer };
const server = createServer((request, response) => void routeRequest(request, response, state));
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
process.once('disconnect', () => process.exit(0));
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!request.url?.startsWith('/oauth/callback')) return answerApi(request, response);
  return answerBy((asked) => handleCallback(asked, '127.0.0.1'), { request, response });
}
