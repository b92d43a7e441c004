import { chown, mkdtemp, rm, stat, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import type { Pair } from '#test/support/certificates.ts';

export interface TlsPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Postgres of its own that offers TLS with this certificate. */
export async function startTlsPostgres({ cert, key }: Pair): Promise<TlsPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-tls-'));
  await chmod(dataDir, 0o711);
  const first = await startEmbeddedPostgres({ dataDir });
  await first.stop();
  const files = { cert: join(dataDir, 'server.crt'), key: join(dataDir, 'server.key') };
  const { uid, gid } = await stat(join(dataDir, 'postgres'));
  for (const [file, text] of [
    [files.cert, cert],
    [files.key, key],
  ] as const) {
    await writeFile(file, text, { mode: 0o600 });
    await chown(file, uid, gid);
  }
  const settings = { ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key, fsync: 'off' };
  const server = await startEmbeddedPostgres({ dataDir, settings });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
