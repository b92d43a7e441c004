import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { selectAwaitedFlows } from '#server/sql/captures.ts';

/** A hook finds out within this time that somebody waits for its next event. */
export const NOTICED_WITHIN_MS = 500;

interface Known {
  readonly flows: Promise<ReadonlySet<string>>;
  readonly until: number;
}
let known: Known | undefined;

/**
 * Whether somebody waits in an editor for the next event of a flow. However many deliveries come, the database is asked twice a
 * second at most. Rejects when it is away.
 */
export async function isAwaited(flowId: string): Promise<boolean> {
  if (!known || known.until <= performance.now()) known = look();
  return (await known.flows).has(flowId);
}

function look(): Known {
  const flows = selectAwaitedFlows(ingressPool());
  const entry = { flows, until: performance.now() + NOTICED_WITHIN_MS };
  flows.catch(() => {
    if (known === entry) known = undefined;
  });
  return entry;
}
