import { createServer } from 'node:http';

import { pool } from '#server/db/pool.ts';
import { EnvironmentError } from '#server/env.ts';
import { log } from '#server/log.ts';
import { listenFault } from '#server/web/listen-fault.ts';
import { answerProbe, type ProbedState } from '#server/web/probes.ts';
import { guardRequest } from '#server/web/request-guard.ts';

const NAMES = { host: 'PATCHBAY_WORKER_HOST', port: 'PATCHBAY_WORKER_PORT' };

/** What probes ask a worker. */
export interface ProbedWorker {
  /** True from the request to stop on. */
  readonly isDraining: boolean;
  /** True while it is registered and heard of, and so may claim runs. */
  readonly isKnown: boolean;
}

/**
 * Answers `/healthz`, `/readyz` and `/metrics` of a worker on a port of its own. Resolves, once it listens, to what ends it.
 * Throws `EnvironmentError` when the port cannot be opened.
 */
export async function startProbeServer(
  place: { readonly host: string; readonly port: number },
  worker: ProbedWorker,
): Promise<() => void> {
  const state: ProbedState = {
    get isDraining() {
      return worker.isDraining;
    },
    unreadiness: () => unreadinessOf(worker),
  };
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 }, (request, response) => {
    const answered = guardRequest(request) ? Promise.resolve(false) : answerProbe(request, response, state);
    answered.then(
      (isProbe) => (isProbe ? undefined : response.writeHead(404).end()),
      (error: unknown) => {
        log.error({ err: error, part: 'worker' }, 'a probe could not be answered');
        response.destroy();
      },
    );
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) => fail(new EnvironmentError(listenFault(cause, place, NAMES))));
    server.listen(place, done);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** The database is asked, too: a worker that lost it is known for some seconds more. */
async function unreadinessOf(worker: ProbedWorker): Promise<string | null> {
  if (!worker.isKnown) return 'The worker is not registered, and claims no runs.';
  try {
    await pool().query('select 1');
    return null;
  } catch {
    return 'The database does not answer.';
  }
}
