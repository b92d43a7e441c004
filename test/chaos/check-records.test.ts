import { describe, expect, test } from 'vitest';

import { idempotencyKey } from '#worker/idempotency-key.ts';

import { checkRecords, type Violation } from './check-records.ts';
import type { PlannedEvent } from './planned-events.ts';
import type { Call, CallName, Doubt, Passage, Records, RunRow } from './records.ts';

const EVENTS: readonly PlannedEvent[] = [
  { id: 'e1', flow: 'chaos-line', number: 0, items: [], dueMs: 0 },
  { id: 'e2', flow: 'chaos-loop', number: 1, items: [0, 1], dueMs: 10 },
];
const STEPS = { r1: ['a', 'b', 'c'], r2: ['a', 'b 0', 'b 1', 'c'] } as const;

/** Two runs that went well, and the death of a worker that nobody was hurt by. */
function clean(): Records {
  const names = Object.entries(STEPS).flatMap(([run, steps]) => steps.map((step) => nameOf(run, step)));
  return {
    plan: { events: 2, kills: 1, acknowledgedInTime: 2 },
    acks: EVENTS.map(({ id, flow }, index) => ({
      event: id,
      flow,
      runId: `r${index + 1}`,
      at: 1_000,
      sends: 1,
    })),
    calls: names.map((name): Call => ({ ...name, at: 2_010, did: 'effect' })),
    passages: names.map((name) => passageOf(name)),
    kills: [{ at: 9_000, target: 'worker', pid: 7 }],
    runs: EVENTS.map(({ id, flow }, index) => ({
      ...{ id: `r${index + 1}`, event: id, flow },
      status: 'succeeded',
      errorCode: null,
    })),
    steps: names.map(({ run, node, item }) => ({ run, node, item, status: 'succeeded', finishedAt: 3_000 })),
    timeouts: [],
    doubts: [],
    ledger: {
      flows: EVENTS.map(({ flow }) => ({
        flow,
        accepted: 1,
        deduplicated: 0,
        drift: 0,
        runs: { succeeded: 1 },
      })),
      faults: [],
    },
  };
}

function nameOf(run: string, step: string): CallName {
  const [node = '', item = ''] = step.split(' ');
  const end = node[0] as CallName['end'];
  return { end, key: idempotencyKey(run, node, item), run, event: run === 'r1' ? 'e1' : 'e2', node, item };
}

function passageOf(name: CallName, changes: Partial<Passage> = {}): Passage {
  return { at: 2_000, ...name, fault: 'none', status: 200, deliveredAt: 2_020, ...changes };
}

function kindsOf(records: Records): readonly Violation['kind'][] {
  return checkRecords(records, EVENTS).map(({ kind }) => kind);
}

/** The clean records with one run, the first, changed. */
function withRun(records: Records, changes: Partial<RunRow>): Records {
  return { ...records, runs: records.runs.map((run) => (run.id === 'r1' ? { ...run, ...changes } : run)) };
}

const A = nameOf('r1', 'a');
const C = nameOf('r1', 'c');
const DOUBT: Doubt = {
  ...{ run: 'r1', node: 'c', item: '' },
  ...{ code: 'worker_gone', startedAt: 8_000, finishedAt: 11_000, settledAs: 'done' },
};

test('records in which all is well pass', () => {
  expect(checkRecords(clean(), EVENTS)).toEqual([]);
});

test('a call whose attempt took too long is made again, and no other', () => {
  const again = (name: CallName): Records => ({
    ...clean(),
    passages: [...clean().passages, passageOf(name, { at: 2_500 })],
    timeouts: [{ run: A.run, node: A.node, item: A.item, at: 2_200 }],
  });
  expect(kindsOf(again(A))).toEqual([]);
  expect(kindsOf(again(nameOf('r2', 'a')))).toEqual(['unexplained_repeat']);
});

describe('each thing that must not be is found', () => {
  const cases: readonly [Violation['kind'], string, (records: Records) => Records][] = [
    ['not_acknowledged', 'an event that nobody acknowledged', (all) => ({ ...all, acks: all.acks.slice(1) })],
    ['lost', 'an acknowledged event without its run', (all) => ({ ...all, runs: all.runs.slice(1) })],
    [
      'doubled_run',
      'a second run of an event',
      (all) => ({ ...all, runs: [...all.runs, { ...all.runs[0]!, id: 'r9', status: 'failed' }] }),
    ],
    [
      'other_run',
      'a run that is not the one that was acknowledged',
      (all) => ({
        ...all,
        acks: all.acks.map((ack) => (ack.event === 'e1' ? { ...ack, runId: 'r9' } : ack)),
      }),
    ],
    ['unfinished', 'a run that goes on for ever', (all) => withRun(all, { status: 'queued' })],
    ['unfinished', 'a run that waits for nobody', (all) => withRun(all, { status: 'waiting' })],
    [
      'effect_missing',
      'a success that the far end knows nothing of',
      (all) => ({
        ...all,
        calls: all.calls.filter(({ run, node, item }) => `${run} ${node} ${item}` !== 'r2 b 1'),
      }),
    ],
    [
      'effect_missing',
      'a success that the far end refused',
      (all) => ({
        ...all,
        calls: all.calls.map((call) => (call.key === A.key ? { ...call, did: 'refused' } : call)),
      }),
    ],
    [
      'other_key',
      'a repeat under another key',
      (all) => ({ ...all, calls: [...all.calls, { ...A, key: C.key, at: 2_500, did: 'effect' }] }),
    ],
    [
      'repeated_when_done',
      'a call after the success was on record',
      (all) => ({
        ...all,
        passages: [...all.passages, passageOf(A, { at: 9_100 })],
      }),
    ],
    [
      'unexplained_repeat',
      'a call that was answered, made again while nobody died',
      (all) => ({ ...all, passages: [...all.passages, passageOf(A, { at: 2_500 })] }),
    ],
    [
      'once_repeated',
      'a second call of what must be called once',
      (all) => ({ ...all, calls: [...all.calls, { ...C, at: 2_500, did: 'effect' }] }),
    ],
    [
      'unexplained_doubt',
      'a doubt though nobody died',
      (all) => ({ ...all, doubts: [{ ...DOUBT, startedAt: 10_000 }] }),
    ],
    [
      'unexplained_doubt',
      'a time-out though the answer was delivered',
      (all) => ({ ...all, doubts: [{ ...DOUBT, code: 'timeout' }] }),
    ],
    [
      'doubt_missing',
      'a lost answer that nobody was told of',
      (all) => ({
        ...all,
        passages: all.passages.map((each) => (each.key === C.key ? { ...each, deliveredAt: null } : each)),
      }),
    ],
    [
      'ledger',
      'a count that does not add up',
      (all) => ({
        ...all,
        ledger: { ...all.ledger, flows: all.ledger.flows.map((each) => ({ ...each, accepted: 2 })) },
      }),
    ],
    [
      'ledger',
      'a count that adds up to less than was acknowledged',
      (all) => ({
        ...all,
        ledger: {
          ...all.ledger,
          flows: all.ledger.flows.map((each) => ({ ...each, accepted: 0, runs: {} })),
        },
      }),
    ],
    [
      'ledger',
      'what the product itself finds wrong',
      (all) => ({ ...all, ledger: { ...all.ledger, faults: ['event_without_run: 1'] } }),
    ],
    [
      'too_little_load',
      'a storm that hardly any event came through',
      (all) => ({ ...all, plan: { ...all.plan, acknowledgedInTime: 1 } }),
    ],
    ['too_few_kills', 'a storm without its kills', (all) => ({ ...all, plan: { ...all.plan, kills: 2 } })],
  ];
  test.each(cases)('%s: %s', (kind, _about, tamper) => {
    expect(kindsOf(tamper(clean()))).toContain(kind);
  });
});

describe('what a crash may do is no violation', () => {
  test('a call repeated because its answer was lost, or because it was refused', () => {
    for (const first of [{ deliveredAt: null }, { status: 503 }]) {
      const all = clean();
      const passages = all.passages.map((each) => (each.key === A.key ? { ...each, ...first } : each));
      expect(kindsOf({ ...all, passages: [...passages, passageOf(A, { at: 2_500 })] })).toEqual([]);
    }
  });

  test('a call repeated because its worker died before the success was on record', () => {
    const all = clean();
    const steps = all.steps.map((step) => ({ ...step, finishedAt: 12_000 }));
    const passages = all.passages.map((each) => ({ ...each, at: 8_990 }));
    expect(kindsOf({ ...all, steps, passages: [...passages, passageOf(A, { at: 11_000 })] })).toEqual([]);
  });

  test('a doubt after a lost answer, and after the death of the worker', () => {
    const all = clean();
    const passages = all.passages.map((each) => (each.key === C.key ? { ...each, deliveredAt: null } : each));
    expect(kindsOf({ ...all, passages, doubts: [{ ...DOUBT, code: 'connection_reset' }] })).toEqual([]);
    expect(kindsOf({ ...all, doubts: [DOUBT] })).toEqual([]);
  });
});
