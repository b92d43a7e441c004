import type { FlowNode } from '#core/flow-document.ts';

import { type CallPlan, formatPlan } from './call-plan.ts';
import type { Dice } from './dice.ts';
import { number } from './random-expression.ts';
import { made, type MadeNode } from './made-node.ts';
import type { Draft, Place } from './random-draft.ts';

/** A call to the far end that says there which run, node and loop path it is of. */
export function drawCall(draft: Draft, place: Place, id: string): MadeNode {
  const { dice, options } = draft;
  const method = dice.chance(0.7) ? dice.pick(['POST', 'PUT']) : 'GET';
  const isOnce = !options.isKilled && method === 'POST' && dice.chance(0.25);
  const plan = drawPlan(draft, place, isOnce);
  const v = number(dice, place);
  const config = {
    method,
    url: `${options.farEnd}/${id}/${formatPlan(plan)}`,
    query: {
      run: { $expr: 'run.id' },
      key: place.key === null ? '' : { $tpl: place.key },
      ...(method === 'GET' && { v }),
    },
    ...(method !== 'GET' && { body: { v } }),
  };
  const drawn = made(draft, id, 'http.request', config, ['out'], [`steps.${id}.body.value`]);
  const effect: Pick<FlowNode, 'effect'> = isOnce ? { effect: 'once' } : {};
  return { ...drawn, node: { ...drawn.node, ...effect, retry: drawRetry(draft, plan) } };
}

function drawPlan(draft: Draft, place: Place, isOnce: boolean): CallPlan {
  const { dice } = draft;
  const delayMs = dice.weighted({ none: 4, short: 4, long: 1 });
  const smooth = {
    fault: 'none',
    times: null,
    every: null,
    delayMs: { none: 0, short: dice.int(1, 6), long: dice.int(7, 25) }[delayMs],
  } as const;
  if (!dice.chance(draft.faultShare)) return smooth;
  const every = place.item !== null && dice.chance(0.6) ? drawEvery(dice) : null;
  if (isOnce) return { ...smooth, fault: '400', every };
  const fault = dice.weighted({ '400': 3, '503': 4, reset: 2 });
  const times = fault === '400' || dice.chance(0.3) ? null : dice.int(1, 3);
  return { ...smooth, fault, times, every };
}

function drawEvery(dice: Dice): CallPlan['every'] {
  const divisor = dice.int(2, 3);
  return { divisor, rest: dice.int(0, divisor - 1) };
}

/**
 * Always at once. A call that is to work in the end has just enough attempts; where workers are killed, plenty, since an
 * attempt that died with its worker counts.
 */
function drawRetry({ dice, options }: Draft, { fault, times }: CallPlan): NonNullable<FlowNode['retry']> {
  if (fault !== 'none' && times === null) return { attempts: dice.int(1, 3), baseSeconds: 0 };
  const needed = (times ?? 0) + 1;
  return { attempts: options.isKilled ? needed + 12 : needed + dice.int(0, 2), baseSeconds: 0 };
}
