import { startProduct, type Product, type ProductOptions } from '#test/support/product.ts';
import { startSink, type Sink } from '#test/support/sink.ts';

import { callProduct, type Call } from './call-product.ts';
import { test } from './e2e-test.ts';

/** What the journeys of one file share. Ready inside of tests. */
export interface Site {
  readonly product: Product;
  /** The far end of the flows. */
  readonly sink: Sink;
  /** The address of a page. */
  url(path: string): string;
  /** Calls the REST API as the owner. */
  call: Call;
}

/** Starts the product and a far end before the journeys of this file, and ends both after them. Call it at the top level. */
export function useSite(options?: ProductOptions): Site {
  const started: { product?: Product; sink?: Sink } = {};
  test.beforeAll(async () => {
    started.product = await startProduct(options);
    started.sink = await startSink();
  });
  test.afterAll(async () => {
    await started.sink?.stop();
    await started.product?.stop();
  });
  return {
    get product() {
      return required(started.product);
    },
    get sink() {
      return required(started.sink);
    },
    url: (path) => required(started.product).url + path,
    call: (call, body) => callProduct(required(started.product), call, body),
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The product is there only inside of tests.');
  return value;
}
