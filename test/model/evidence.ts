import type { FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';

import type { FarCall } from './far-end.ts';
import type { FoundRun } from './found-run.ts';

/** All that is known of a run that is over. */
export interface Evidence {
  readonly document: FlowDocument;
  readonly input: Json;
  readonly found: FoundRun;
  /** How many workers died over it. */
  readonly deaths: number;
  /** What reached the far end. */
  readonly calls: readonly FarCall[];
  /** By `<node> <key>`: the moment of the far end's ledger at which the step was seen to be committed as succeeded. */
  readonly committed: ReadonlyMap<string, number>;
}
