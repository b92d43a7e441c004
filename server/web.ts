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
  if (cause instanceof EnvironmentError) process.stderr.write(`${cause.message}\n`);
  else log.fatal({ err: cause }, 'Web process cannot start');
  process.exit(1);
}
