import type { Json } from '../json.ts';

import { type Departure, findDepartures } from './find-departures.ts';
import { learnShape } from './learn-shape.ts';
import { mergeShapes } from './merge-shapes.ts';
import { EMPTY_SHAPE, type Shape } from './shape.ts';

/** Until so many values were seen, a contract only learns. */
export const LEARN_UNTIL = 50;

/** What is expected at one place, and what came otherwise since. */
export interface Contract {
  readonly shape: Shape;
  /** Values that it was learned of. */
  readonly samples: number;
  /** It learns no more by itself: it saw enough, or it was pinned when its flow was published. */
  readonly isSettled: boolean;
  /** Of the values that departed from it, for the one who accepts them; null while none did. */
  readonly departed: Shape | null;
}

/** Learns one value more or, once settled, says how it departs. */
export function followContract(
  contract: Contract,
  value: Json,
): { readonly contract: Contract; readonly departures: readonly Departure[] } {
  const seen = learnShape(value);
  if (!contract.isSettled) {
    const samples = contract.samples + 1;
    const shape = mergeShapes(contract.shape, seen);
    return {
      contract: { ...contract, shape, samples, isSettled: samples >= LEARN_UNTIL },
      departures: [],
    };
  }
  const departures = findDepartures(contract.shape, seen);
  if (departures.length === 0) return { contract, departures };
  return {
    contract: { ...contract, departed: mergeShapes(contract.departed ?? EMPTY_SHAPE, seen) },
    departures,
  };
}

/** The contract that what departed belongs to, too. */
export function acceptDeparted(contract: Contract): Contract {
  if (contract.departed === null) return contract;
  return { ...contract, shape: mergeShapes(contract.shape, contract.departed), departed: null };
}
