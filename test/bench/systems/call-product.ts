import type { Product } from '#test/support/product.ts';

/** Where the API answers, and to whom. */
type Called = Pick<Product, 'url' | 'apiKey'>;

export interface Drawing {
  readonly nodes: readonly unknown[];
  readonly edges: readonly unknown[];
}

/** Puts a flow on the air; resolves to its hook URL, undefined where it has none. */
export async function publishFlow(
  product: Called,
  slug: string,
  drawing: Drawing,
): Promise<string | undefined> {
  await callProduct(product, 'PUT', `/flows/${slug}`, { format: 1, name: slug, slug, ...drawing });
  const { hookUrl } = await callProduct(product, 'POST', `/flows/${slug}/publish`, {});
  return typeof hookUrl === 'string' ? hookUrl : undefined;
}

/** The same for a flow that a webhook starts. */
export async function publishHook(product: Called, slug: string, drawing: Drawing): Promise<string> {
  const hookUrl = await publishFlow(product, slug, drawing);
  if (hookUrl === undefined) throw new Error('Publishing gave no hook URL.');
  return hookUrl;
}

/** Throws where the product refuses. */
async function callProduct(
  { url, apiKey }: Called,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
