/**
 * Entry point of the sandbox app, `node sandbox/main.ts`. `npm start` runs it beside Patchbay and sets:
 *
 * - `ACME_PORT`: port on 127.0.0.1. Default: a free one.
 * - `ACME_DATA_FILE`: JSON file that keeps everything. Default: memory.
 * - `ACME_CLIENT_SECRET`: secret of the client `patchbay`. Default: a random one.
 * - `PATCHBAY_URL`: public URL of Patchbay. Default `http://127.0.0.1:3000`.
 *
 * And, for whoever wants it otherwise:
 *
 * - `ACME_TOKEN_SECONDS`: how long access tokens live. Default 120.
 * - `ACME_WEBHOOK_SECONDS`: how long webhooks live. Default 86400.
 * - `ACME_RATE_LIMIT`: requests a second and token. Default 20.
 */
import { z } from 'zod';

import { startAcme } from '#sandbox/start-acme.ts';
import { StateFileError } from '#sandbox/state/store.ts';

const positive = z.coerce.number().int().positive();
const envSchema = z.object({
  ACME_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  ACME_DATA_FILE: z.string().optional(),
  ACME_CLIENT_SECRET: z.string().optional(),
  PATCHBAY_URL: z.url().optional(),
  ACME_TOKEN_SECONDS: positive.optional(),
  ACME_WEBHOOK_SECONDS: positive.optional(),
  ACME_RATE_LIMIT: positive.optional(),
});

try {
  const env = envSchema.parse(process.env);
  const acme = await startAcme({
    port: env.ACME_PORT,
    dataFile: env.ACME_DATA_FILE,
    clientSecret: env.ACME_CLIENT_SECRET,
    patchbayUrl: env.PATCHBAY_URL,
    tokenSeconds: env.ACME_TOKEN_SECONDS,
    webhookSeconds: env.ACME_WEBHOOK_SECONDS,
    rateLimit: env.ACME_RATE_LIMIT === undefined ? undefined : { requests: env.ACME_RATE_LIMIT, seconds: 1 },
  });
  stopWhenAsked(() => acme.stop());
  if (process.send) process.send({ kind: 'ready' });
  else process.stdout.write(`Acme is at ${acme.url}\n`);
} catch (cause) {
  process.stderr.write(`${wordsFor(cause)}\n`);
  process.exit(1);
}

/** SIGTERM, SIGINT, or the end of the supervisor, which closes the channel. */
function stopWhenAsked(stop: () => Promise<void>): void {
  let isStopping = false;
  const begin = (): void => {
    if (isStopping) return;
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (cause: unknown) => {
        process.stderr.write(`${wordsFor(cause)}\n`);
        process.exit(1);
      },
    );
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, begin);
}

function wordsFor(cause: unknown): string {
  if (cause instanceof StateFileError) return cause.message;
  if (cause instanceof z.ZodError) return `Acme's environment is wrong: ${z.prettifyError(cause)}`;
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')
    return `Acme cannot start: ${cause.message}.`;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
