import type pg from 'pg';

import type { Departure } from '#core/drift/find-departures.ts';
import { followContract } from '#core/drift/follow-contract.ts';
import type { Json } from '#core/json.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import {
  lockContract,
  noteDrift,
  saveContract,
  type ContractKey,
  type SeenDeparture,
} from '#server/sql/drift-rows.ts';

/** A value and when it came. */
export interface SeenValue {
  readonly value: Json;
  readonly at: Date;
}

/** Learns values of one place, in the client's transaction; how they depart from what was settled is noted. */
export async function recordValues(
  client: pg.ClientBase,
  key: ContractKey,
  values: readonly SeenValue[],
): Promise<void> {
  const before = await lockContract(client, key);
  let contract = before;
  const noted = new Map<string, SeenDeparture>();
  for (const { value, at } of values) {
    const followed = followContract(contract, value);
    contract = followed.contract;
    for (const departure of followed.departures) note(noted, departure, at);
  }
  if (contract !== before) await saveContract(client, key, contract);
  for (const departure of noted.values()) await noteDrift(client, key, { id: uuidv7(), departure });
}

function note(noted: Map<string, SeenDeparture>, departure: Departure, at: Date): void {
  const key = JSON.stringify([departure.kind, departure.path]);
  const known = noted.get(key);
  noted.set(key, {
    ...departure,
    firstSeenAt: known?.firstSeenAt ?? at,
    lastSeenAt: at,
    seen: (known?.seen ?? 0) + 1,
  });
}
