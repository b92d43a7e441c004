import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import next from 'next';

import { AlertDuty } from '#server/alerts/alert-duty.ts';
import { trustedProxies } from '#server/caller-address.ts';
import { renewalsDone } from '#server/connections/guard.ts';
import { stopWatchingClock, watchClock } from '#server/db/clock-watch.ts';
import { databaseFault } from '#server/db/database-fault.ts';
import { closePool, databaseUrl, pool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { env, EnvironmentError } from '#server/env.ts';
import { drainIngress } from '#server/ingress/drain-ingress.ts';
import { READ_AHEAD_BYTES } from '#server/ingress/read-body.ts';
import { LedgerWatch } from '#server/ledger/ledger-watch.ts';
import { stopListening } from '#server/live/hub.ts';
import { log } from '#server/log.ts';
import { Mailer } from '#server/mail/mailer.ts';
import { mailSettings } from '#server/mail/mail-settings.ts';
import { StatsWatch } from '#server/stats/stats-watch.ts';
import { moveAddresses } from '#server/subscriptions/move-addresses.ts';
import { admitKeys } from '#server/vault/admit-keys.ts';
import { keyRing } from '#server/vault/key-ring.ts';
import { listenFault } from '#server/web/listen-fault.ts';
import { startMetrics } from '#server/web/metrics.ts';
import { readPackedAssets } from '#server/web/packed-assets.ts';
import { unreadiness } from '#server/web/readiness.ts';
import { isStream, routeRequest, type WebState } from '#server/web/route-request.ts';
import { bootstrapOwner } from '#server/workspace/bootstrap-owner.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DRAIN_MS = 25_000;
const DROP_TOLD_MS = 10_000;
/** Connections that wait to be accepted; the system may allow fewer. One too many tries again after a second, or three. */
const BACKLOG = 4_096;
/** Open connections; each takes memory, also one that sends nothing. */
const MAX_CONNECTIONS = 6_000;
/** Hot reload keeps a socket open for as long as a page is. */
const DEV_DRAIN_MS = 500;

export interface WebProcess {
  /** Where it listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Refuses new connections, finishes the requests in hand (25 s at most), lets go of the database. */
  stop(): Promise<void>;
}

/**
 * Starts the web process: hooks, probes, API and pages on `HOST:PORT`.
 * Throws `EnvironmentError` with one plain sentence when the port is taken or the database cannot be used.
 */
export async function startWeb(options: { dev: boolean }): Promise<WebProcess> {
  const { HOST, PORT } = env();
  trustedProxies();
  const keys = keyRing();
  const reason =
    (await databaseFault(databaseUrl())) ?? (await unreadiness()) ?? (await admitKeys(pool(), keys));
  if (reason) throw new EnvironmentError(reason);
  await bootstrapOwner();
  await watchClock();
  startMetrics();
  const ledgers = new LedgerWatch();
  const stats = new StatsWatch();
  const alerts = new AlertDuty();
  // As well as the workers: that none is alive has to be told by somebody.
  const mail = mailSettings();
  const mailer = mail && new Mailer(pool(), mail);

  const open = new Set<ServerResponse>();
  const server = createServer(limits(options.dev));
  limitConnections(server);
  const app = next({
    dev: options.dev,
    dir: ROOT,
    hostname: HOST,
    port: PORT,
    httpServer: server,
    customServer: true,
  });
  await app.prepare();
  const state: WebState = {
    isDev: options.dev,
    isDraining: false,
    assets: options.dev ? new Map() : await readPackedAssets(resolve(ROOT, '.next/static')),
    handleWithNext: app.getRequestHandler(),
  };
  server.on('request', (request, response) => {
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      // Its connection is idle only after this turn.
      if (state.isDraining) setImmediate(() => server.closeIdleConnections());
    });
    void routeRequest(request, response, state);
  });
  await listen(server, HOST, PORT);
  ledgers.start();
  stats.start();
  alerts.start();
  mailer?.start();
  moveAddresses().catch((error: unknown) =>
    log.warn({ err: error, part: 'web' }, 'providers could not be given the address of this Patchbay'),
  );
  return {
    url: `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`,
    stop: async () => {
      state.isDraining = true;
      await closeServer(server, open, options.dev ? DEV_DRAIN_MS : DRAIN_MS);
      await app.close();
      await stopListening();
      stopWatchingClock();
      await Promise.all([ledgers.stop(), stats.stop(), alerts.stop(), mailer?.stop()]);
      await renewalsDone();
      await closeEgress();
      await closePrisma();
      await closePool();
    },
  };
}

/** Slow or endless requests must not hold a connection; replies, such as event streams, may take their time. */
function limits(isDev: boolean) {
  return {
    maxHeaderSize: 16 * 1024,
    highWaterMark: READ_AHEAD_BYTES,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 2_000,
    // Longer than the idle time of common load balancers, so that they close first.
    keepAliveTimeout: 65_000,
    // Next listens for upgrades, past every check here; only its hot reload may have one.
    shouldUpgradeCallback: (request: IncomingMessage) => isDev && request.url?.startsWith('/_next/') === true,
  };
}

/** Beyond the most, connections are closed at once. */
function limitConnections(server: Server): void {
  server.maxConnections = MAX_CONNECTIONS;
  let told = -Infinity;
  server.on('drop', () => {
    if (performance.now() - told < DROP_TOLD_MS) return;
    told = performance.now();
    log.warn({ part: 'web', most: MAX_CONNECTIONS }, 'Connections are refused: too many are open');
  });
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(new EnvironmentError(listenFault(cause, { host, port }))),
    );
    server.listen({ port, host, backlog: BACKLOG }, done);
  });
}

async function closeServer(
  server: Server,
  open: ReadonlySet<ServerResponse>,
  drainMs: number,
): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  // Event streams never end by themselves; their readers reconnect, to another process.
  for (const response of open) if (isStream(response)) response.destroy();
  await Promise.race([Promise.all([closed, drainIngress()]), sleep(drainMs, undefined, { ref: false })]);
  server.closeAllConnections();
}
