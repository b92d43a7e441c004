import type { Product } from '#test/support/product.ts';

/** `call('PUT /flows/orders', document)` → the reply's JSON. Throws when it is an error. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into replies of every shape
export type Call = (call: string, body?: unknown) => Promise<any>;

/** Calls the REST API with the owner's key. */
export async function callProduct(product: Product, call: string, body?: unknown): ReturnType<Call> {
  const [method = '', path = ''] = call.split(' ');
  const reply = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${call} answered ${reply.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
