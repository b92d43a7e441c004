import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';

import { portFault, tryListen } from '#scripts/supervisor/prepare.ts';
import { isLoopback } from '#server/caller-address.ts';
import { EnvironmentError, type Env } from '#server/env.ts';
import { deriveSecret, readKeyRing } from '#server/vault/key-ring.ts';

/** It has no sign-in: only this machine may reach it. */
const HOST = '127.0.0.1';
/** What Acme may know of the environment; keys and databases are none of a vendor's business. */
const SHARED = ['HOME', 'LANG', 'NODE_COMPILE_CACHE', 'PATH', 'TZ'];

export interface PreparedSandbox {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The whole environment of Acme's process. */
  readonly ownEnv: NodeJS.ProcessEnv;
  /** What web and workers get beside their own. */
  readonly productEnv: Readonly<Record<string, string>>;
}

/**
 * Finds a port for the sandbox app Acme, and makes what Acme and Patchbay have to know of each other; null when it is off.
 * Throws `EnvironmentError` when a port was asked for that cannot be opened.
 */
export async function prepareSandbox(
  env: Env,
  options: { readonly secretKey: string; readonly say: (line: string) => void },
): Promise<PreparedSandbox | null> {
  if (!isSandboxOn(env)) return null;
  const port = await choosePort(env, options.say);
  const url = `http://${HOST}:${port}`;
  const ring = readKeyRing({ PATCHBAY_SECRET_KEY: options.secretKey });
  const secret = deriveSecret('sandbox client', ring).toString('base64url');
  const isShared = (name: string): boolean => SHARED.includes(name) || name.startsWith('ACME_');
  return {
    url,
    ownEnv: {
      ...(Object.fromEntries(
        Object.entries(process.env).filter(([name]) => isShared(name)),
      ) as NodeJS.ProcessEnv),
      ACME_PORT: String(port),
      ACME_DATA_FILE: resolve(env.PATCHBAY_DATA_DIR, 'acme.json'),
      ACME_CLIENT_SECRET: secret,
      PATCHBAY_URL: env.publicUrl,
    },
    productEnv: {
      PATCHBAY_SANDBOX_URL: url,
      PATCHBAY_SANDBOX_SECRET: secret,
      PATCHBAY_EGRESS_ALLOW: [env.PATCHBAY_EGRESS_ALLOW, `${HOST}:${port}`].filter(Boolean).join(','),
    },
  };
}

/** Unless it is said, Acme is there when nobody else's machine reaches Patchbay: it is for trying things out. */
export function isSandboxOn(env: Pick<Env, 'PATCHBAY_SANDBOX' | 'HOST' | 'publicUrl'>): boolean {
  if (env.PATCHBAY_SANDBOX) return env.PATCHBAY_SANDBOX === 'on';
  return isThisMachine(env.HOST) && isThisMachine(new URL(env.publicUrl).hostname);
}

async function choosePort(env: Env, say: (line: string) => void): Promise<number> {
  const asked = env.PATCHBAY_SANDBOX_PORT;
  if (asked !== undefined) {
    await requireSandboxPort(env, asked);
    return asked;
  }
  const next = env.PORT + 1;
  if (next <= 65_535 && !(await tryListen(HOST, next))) return next;
  const free = await findFreePort();
  say(`Port ${next} is in use: the sandbox app Acme takes ${free}.`);
  return free;
}

async function requireSandboxPort(env: Env, port: number): Promise<void> {
  if (port === env.PORT)
    throw new EnvironmentError(`PATCHBAY_SANDBOX_PORT is ${port}, as PORT is: give the sandbox app another.`);
  const fault = await portFault(HOST, port);
  if (!fault) return;
  const why = fault.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${fault.code ?? fault.message})`;
  throw new EnvironmentError(
    `Port ${port} on ${HOST} ${why}: stop what uses it, or set PATCHBAY_SANDBOX_PORT to another.`,
  );
}

function isThisMachine(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return isLoopback(bare) || bare === 'localhost' || bare.endsWith('.localhost');
}

function findFreePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, HOST, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
