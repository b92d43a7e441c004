import { env, EnvironmentError } from '#server/env.ts';
import { log } from '#server/log.ts';
import { onStopRequest, reportReady } from '#server/stop-request.ts';
import { startWeb } from '#server/web/start-web.ts';

/** Entry point of the web process: `node server/web.ts [--dev]`. */
try {
  const web = await startWeb({ dev: process.argv.includes('--dev') });
  onStopRequest(
    async (reason) => {
      log.info({ reason }, 'Web process stops');
      await web.stop();
    },
    (cause) => log.error({ err: cause }, 'Web process did not stop cleanly'),
  );
  log.info({ url: web.url, publicUrl: env().publicUrl }, 'Web process listens');
  reportReady();
} catch (cause) {
  const words = cause instanceof EnvironmentError ? cause.message : cause instanceof Error && cause.stack;
  process.stderr.write(`${words || String(cause)}\n`);
  process.exit(1);
}
