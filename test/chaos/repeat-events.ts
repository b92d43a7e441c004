import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { diceFor } from './chance.ts';
import { CHAOS_FLOWS } from './chaos-flows.ts';
import { groupBy } from './group-by.ts';
import { readRuns } from './observe.ts';
import { postEvent, type Acceptance } from './post-event.ts';
import type { Rig } from './rig.ts';
import { readLedger, waitUntilStill } from './storm.ts';

const SOCKETS = 8;
const MOST_SENDS = 50;
const RETRY_MS = 200;
const FLOW = CHAOS_FLOWS[0]!.slug;

export interface RepeatsPlan {
  readonly seed: number;
  readonly events: number;
  /** The web process dies so often on the way. */
  readonly kills: number;
}

export interface RepeatsResult {
  readonly figures: {
    readonly seed: number;
    readonly events: number;
    /** Sends that were answered with a 2xx. */
    readonly accepted: number;
    /** Of these, the ones that said `duplicate`. */
    readonly duplicates: number;
    /** Sends that got no 2xx and were made again. */
    readonly resent: number;
    readonly kills: number;
    readonly runs: number;
  };
  readonly violations: readonly { readonly kind: string; readonly about: string }[];
}

interface Reply extends Acceptance {
  readonly event: string;
}

/** Sends each event 1 to 50 times, in any order over 8 sockets, while the web process dies: one run each, the same ids in each reply. */
export async function repeatEvents(rig: Rig, plan: RepeatsPlan): Promise<RepeatsResult> {
  rig.proxies.heal();
  const dice = diceFor(plan.seed, 'repeats');
  const ids = Array.from({ length: plan.events }, (_, number) => `d${plan.seed}-${number}`);
  const sends = dice.shuffled(ids.flatMap((id) => Array.from({ length: dice.int(1, MOST_SENDS) }, () => id)));
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const replies: Reply[] = [];
  let next = 0;
  let resent = 0;
  let kills = 0;

  async function sendUntilAccepted(id: string): Promise<Acceptance> {
    for (;;) {
      const reply = await postEvent(rig.hookOf(FLOW), { id, number: 0, items: [] }, agent);
      if (reply !== null) return reply;
      resent += 1;
      await sleep(RETRY_MS);
    }
  }

  async function keepSending(): Promise<void> {
    for (let id = sends[next++]; id !== undefined; id = sends[next++]) {
      replies.push({ event: id, ...(await sendUntilAccepted(id)) });
      // At equal parts of the way, while the other sockets wait for their answers.
      if (replies.length >= ((kills + 1) * sends.length) / (plan.kills + 1) && kills < plan.kills) {
        kills += 1;
        for (const pid of await rig.victims.web()) process.kill(pid, 'SIGKILL');
      }
    }
  }

  await Promise.all(Array.from({ length: SOCKETS }, keepSending));
  agent.destroy();
  await waitUntilStill(rig);
  const runs = await readRuns(rig.db);
  return {
    figures: {
      ...{ seed: plan.seed, events: plan.events },
      accepted: replies.length,
      duplicates: replies.filter(({ duplicate }) => duplicate).length,
      ...{ resent, kills, runs: runs.length },
    },
    violations: [...checkReplies(ids, replies, runs), ...checkCounts(await readLedger(rig))],
  };
}

function checkReplies(
  ids: readonly string[],
  replies: readonly Reply[],
  runs: readonly { readonly id: string; readonly event: string }[],
) {
  const repliesOf = groupBy(replies, ({ event }) => event);
  const runsOf = groupBy(runs, ({ event }) => event);
  return ids.flatMap((id) => {
    const own = runsOf.get(id) ?? [];
    const answered = new Set((repliesOf.get(id) ?? []).map(({ eventId, runId }) => `${eventId} ${runId}`));
    const firsts = (repliesOf.get(id) ?? []).filter(({ duplicate }) => !duplicate).length;
    return [
      ...(own.length === 1 ? [] : [{ kind: 'not_one_run', about: `${id}: ${own.length} runs` }]),
      ...(answered.size === 1 ? [] : [{ kind: 'other_ids', about: `${id}: ${[...answered].join(', ')}` }]),
      ...(firsts <= 1 ? [] : [{ kind: 'two_firsts', about: `${id}: ${firsts} replies said it was new` }]),
    ];
  });
}

function checkCounts({ flows, faults }: Awaited<ReturnType<typeof readLedger>>) {
  const drifting = flows
    .filter(({ drift }) => drift !== 0)
    .map(({ flow, drift }) => `${flow}: drift ${drift}`);
  return [...drifting, ...faults].map((about) => ({ kind: 'ledger', about }));
}
