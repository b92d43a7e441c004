import { setTimeout as sleep } from 'node:timers/promises';

import { Problem } from '#sandbox/problem.ts';
import type { Trouble } from '#sandbox/state/state.ts';

/** What the Trouble page made the API do, before it does anything else. Throws a `Problem` for what it refuses. */
export async function makeTrouble(
  trouble: Trouble,
  call: {
    readonly method: string;
    /** Below `/api/v1`. */
    readonly path: string;
    readonly slowMs: number;
    readonly stopping: AbortSignal;
  },
): Promise<void> {
  const isDeals = call.path === '/deals' || call.path.startsWith('/deals/');
  switch (trouble) {
    case 'well':
      return;
    case 'slow':
      await sleep(call.slowMs, undefined, { signal: call.stopping }).catch(() => undefined);
      return;
    case 'deals_503':
      if (isDeals)
        throw new Problem(503, 'unavailable', 'The deals are out of order, as the Trouble page says.');
      return;
    case 'deals_422':
      if (isDeals && call.method !== 'GET')
        throw new Problem(422, 'rejected', 'title: is not wanted today, as the Trouble page says', {
          fields: [{ field: 'title', message: 'is not wanted today, as the Trouble page says' }],
        });
  }
}
