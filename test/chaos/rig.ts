import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type pg from 'pg';

import { createPool } from '#server/db/pool.ts';
import { startProduct, temporaryFolder, type Product } from '#test/support/product.ts';

import { callApi } from './call-api.ts';
import { CHAOS_FLOWS, documentOf } from './chaos-flows.ts';
import { startFarEnds } from './far-ends.ts';
import { startFaultProxies, type FaultProxies } from './fault-proxy.ts';
import type { Victims } from './kill-processes.ts';

/** The product as `npm start` runs it, with two workers, and the far ends that its flows call through the proxies. */
export interface Rig {
  readonly product: Product;
  readonly proxies: FaultProxies;
  readonly victims: Victims;
  /** Reads what the product wrote; never writes. */
  readonly db: pg.Pool;
  /** In the records' folder. */
  fileOf(name: string): string;
  hookOf(flow: string): string;
  stop(): Promise<void>;
}

/** @param folder where the records go; emptied first. */
export async function startRig(options: { readonly folder: string; readonly seed: number }): Promise<Rig> {
  const { folder, seed } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const fileOf = (name: string) => join(folder, name);
  const farEnds = await startFarEnds({ file: fileOf('calls.jsonl'), seed });
  const proxies = await startFaultProxies({ file: fileOf('passages.jsonl'), seed, targets: farEnds.ports });
  const dataDir = await temporaryFolder();
  const product = await startProduct({ durable: true, dataDir, env: { PATCHBAY_WORKERS: '2' } });
  const db = createPool(product.databaseUrl, { max: 2 });
  const hooks = await publishFlows(product, proxies);
  return {
    product,
    proxies,
    db,
    victims: {
      web: async () => ((await isServing(product)) ? [await product.webPid()] : []),
      worker: () => product.workerPids(),
      postgres: () => postmasterOf(dataDir),
    },
    fileOf,
    hookOf: (flow) => hooks.get(flow) ?? '',
    stop: async () => {
      await db.end();
      await product.stop();
      await proxies.stop();
      await farEnds.stop();
      await writeFile(fileOf('product.log'), product.output());
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function publishFlows(product: Product, { ports }: FaultProxies): Promise<ReadonlyMap<string, string>> {
  const urlOf = (port: number) => `http://127.0.0.1:${port}/calls`;
  const urls = { a: urlOf(ports.a), b: urlOf(ports.b), c: urlOf(ports.c) };
  const hooks = new Map<string, string>();
  for (const flow of CHAOS_FLOWS) {
    await callApi(product, `PUT /flows/${flow.slug}`, documentOf(flow, urls));
    const { hookUrl } = (await callApi(product, `POST /flows/${flow.slug}/publish`, {})) as {
      hookUrl: string;
    };
    hooks.set(flow.slug, hookUrl);
  }
  return hooks;
}

async function isServing(product: Product): Promise<boolean> {
  return fetch(`${product.url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function postmasterOf(dataDir: string): Promise<readonly number[]> {
  const file = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid] = file.split('\n');
  return pid ? [Number(pid)] : [];
}
