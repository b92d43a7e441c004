import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createCallLog } from '#sandbox/api/call-log.ts';
import { apiHandler } from '#sandbox/api/handle-api.ts';
import { DEFAULT_RATE_LIMIT, type RateLimit } from '#sandbox/api/rate-limit.ts';
import { createDeliveries } from '#sandbox/events/deliveries.ts';
import { routeRequest, type Routes } from '#sandbox/http/route-request.ts';
import { handleConsent } from '#sandbox/oauth/consent.ts';
import { createProvider, MACHINE_CLIENT_ID, PATCHBAY_CLIENT_ID } from '#sandbox/oauth/create-provider.ts';
import { oauthHandler } from '#sandbox/oauth/handle-oauth.ts';
import { fingerprintOf, openStore, type Store } from '#sandbox/state/store.ts';
import { pagesHandler } from '#sandbox/web/handle-pages.ts';
import { problemPage } from '#sandbox/web/problem-page.ts';

const HOST = '127.0.0.1';

export interface AcmeOptions {
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number | undefined;
  /** JSON file that keeps everything. Default: memory, gone with the process. */
  readonly dataFile?: string | undefined;
  /**
   * Public URL of the Patchbay that connects: consent leads to `<patchbayUrl>/oauth/callback`, and events are delivered there
   * and nowhere else. Default `http://127.0.0.1:3000`.
   */
  readonly patchbayUrl?: string | undefined;
  /** More origins that events may be delivered to, such as `http://127.0.0.1:4000`. Default none. */
  readonly receivers?: readonly string[] | undefined;
  /** Secret of the client `patchbay`. Default: a random one. */
  readonly clientSecret?: string | undefined;
  /** How long access tokens live. Default 120 s. */
  readonly tokenSeconds?: number | undefined;
  /** How long a webhook lives unless it is renewed. Default 24 hours. */
  readonly webhookSeconds?: number | undefined;
  /** Default: 20 requests a second and token. */
  readonly rateLimit?: RateLimit | undefined;
  /** Pauses between the tries of a delivery. Default: eight, from 1 s to 60 s. */
  readonly retryPausesMs?: readonly number[] | undefined;
  /** How long an answer takes while the Trouble page says "slow answers". Default 8 s. */
  readonly slowMs?: number | undefined;
  /** Hears of what goes wrong with Acme itself. Default: standard error. */
  readonly report?: (cause: unknown) => void;
}

export interface Acme {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `<url>/api/v1` */
  readonly apiUrl: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
  /** The only place that consent leads back to. */
  readonly redirectUri: string;
  /** For authorization codes and refresh tokens; authenticates with HTTP Basic. */
  readonly client: { readonly id: string; readonly secret: string };
  /** For client credentials; authenticates with HTTP Basic. */
  readonly machineClient: { readonly id: string; readonly secret: string };
  /** Closes all connections and writes what is not written yet. A second call does nothing more. */
  stop(): Promise<void>;
}

/**
 * Starts Acme in this process: OAuth server, API, webhooks and pages on one port of 127.0.0.1. Throws when the port cannot
 * be opened, or when the data file cannot be used (`StateFileError`).
 */
export async function startAcme(options: AcmeOptions = {}): Promise<Acme> {
  const { patchbayUrl = 'http://127.0.0.1:3000', report = writeError } = options;
  const clientSecret = options.clientSecret ?? randomBytes(32).toString('base64url');
  const redirectUri = `${patchbayUrl.replace(/\/+$/, '')}/oauth/callback`;
  const store = await openStore(options.dataFile);
  const server = createServer({ requestTimeout: 10_000 });
  const port = await listen(server, options.port ?? 0);
  const url = `http://${HOST}:${port}`;
  store.state.url = url;
  await store.save();
  const { routes, stop } = assemble({
    ...options,
    patchbayUrl,
    report,
    clientSecret,
    redirectUri,
    store,
    url,
  });
  server.on('request', (request, response) => void routeRequest(request, response, routes));
  return {
    url,
    apiUrl: `${url}/api/v1`,
    authorizeUrl: `${url}/oauth/authorize`,
    tokenUrl: `${url}/oauth/token`,
    revokeUrl: `${url}/oauth/revoke`,
    redirectUri,
    client: { id: PATCHBAY_CLIENT_ID, secret: clientSecret },
    machineClient: { id: MACHINE_CLIENT_ID, secret: store.state.machineSecret },
    stop: once(async () => {
      stop();
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await store.save();
    }),
  };
}

/** By the second time, the file may belong to another Acme. */
function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= work());
}

interface Parts extends AcmeOptions {
  readonly patchbayUrl: string;
  readonly report: (cause: unknown) => void;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly store: Store;
  readonly url: string;
}

function assemble(parts: Parts): { readonly routes: Routes; stop(): void } {
  const { store, url, report } = parts;
  const stopping = new AbortController();
  const calls = createCallLog();
  const deliveries = createDeliveries({ store, pausesMs: parts.retryPausesMs, report });
  const crm = { state: store.state, publish: deliveries.publish };
  const provider = createProvider({
    issuer: url,
    store,
    clientSecret: parts.clientSecret,
    redirectUris: [parts.redirectUri],
    tokenSeconds: parts.tokenSeconds ?? 120,
    renderError: problemPage,
  });
  const origins = [parts.patchbayUrl, ...(parts.receivers ?? [])].map((each) => new URL(each).origin);
  const routes: Routes = {
    oauth: oauthHandler(provider),
    consent: (incoming, request, response) => handleConsent(provider, incoming, { request, response }),
    api: apiHandler({
      url,
      store,
      crm,
      provider,
      rateLimit: parts.rateLimit ?? DEFAULT_RATE_LIMIT,
      webhookRules: { receivers: new Set(origins), lifeSeconds: parts.webhookSeconds ?? 86_400 },
      log: calls,
      slowMs: parts.slowMs ?? 8_000,
      stopping: stopping.signal,
    }),
    pages: pagesHandler({
      store,
      crm,
      deliveries,
      calls,
      apps: {
        clientNames: new Map([[PATCHBAY_CLIENT_ID, 'Patchbay']]),
        machineClientId: MACHINE_CLIENT_ID,
        tokenUrl: `${url}/oauth/token`,
      },
    }),
    stateInUse: () => ({ status: 200, body: parts.dataFile ? fingerprintOf(parts.dataFile) : '' }),
    report,
  };
  deliveries.resume();
  return {
    routes,
    stop: () => {
      stopping.abort();
      deliveries.stop();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, HOST, () => done((server.address() as AddressInfo).port));
  });
}

function writeError(cause: unknown): void {
  process.stderr.write(`Acme: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
}
