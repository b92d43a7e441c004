import { setTimeout as sleep } from 'node:timers/promises';

import type { Product } from '#test/support/product.ts';

/** Any JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the rig looks into replies of every shape
type Reply = any;

const TRIES = 20;

/** Calls the product's API; waits for one that is away, throws for an answer that is no success. */
export async function callApi(product: Product, call: string, body?: unknown): Promise<Reply> {
  const [method = '', path = ''] = call.split(' ');
  for (let tries = 1; ; tries += 1) {
    try {
      const reply = await fetch(`${product.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      if (reply.ok) return text === '' ? undefined : JSON.parse(text);
      if (reply.status < 500 || tries === TRIES)
        throw new Refused(`${call} answered ${reply.status}: ${text}`);
    } catch (cause) {
      if (cause instanceof Refused || tries === TRIES) throw cause;
    }
    await sleep(500);
  }
}

class Refused extends Error {
  override name = 'Refused';
}
