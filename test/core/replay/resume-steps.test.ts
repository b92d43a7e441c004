import { describe, expect, test } from 'vitest';

import type { FlowNode } from '#core/flow-document.ts';
import type { RecordedStep } from '#core/replay/recorded-step.ts';
import { resumeSteps } from '#core/replay/resume-steps.ts';
import { compile, flow, keyed } from '../plan-support.ts';

/** `a`, `in 2`: node and loop path, then the status. */
function recorded(
  text: string,
  status: RecordedStep['status'],
  rest: Partial<RecordedStep> = {},
): RecordedStep {
  const [nodeId = '', key = ''] = text.split(' ');
  const ports = status === 'succeeded' ? ['out'] : [];
  return { nodeId, key, status, ports, attempts: 1, error: null, outlivesItems: false, ...rest };
}

function resumed(steps: readonly RecordedStep[], nodes: Record<string, Partial<FlowNode>> = {}) {
  const graph = compile(
    flow('s a b each in inner deep', 's>a s>b s>each in>inner', {
      each: { type: 't.each' },
      in: { parent: 'each' },
      inner: { type: 't.each', parent: 'each' },
      deep: { parent: 'inner' },
      ...nodes,
    }),
  );
  const { retry, reopen, doubt } = resumeSteps(graph, steps);
  return { retry: keyed(retry), reopen: keyed(reopen), doubt: keyed(doubt) };
}

describe('outside of loops', () => {
  test('failed and cancelled steps get another attempt; all others stay', () => {
    expect(
      resumed([recorded('s', 'succeeded'), recorded('a', 'failed'), recorded('b', 'cancelled')]),
    ).toEqual({
      retry: ['a', 'b'],
      reopen: [],
      doubt: [],
    });
  });

  test('a failure that the flow deals with stays', () => {
    const nodes = { a: { onError: 'continue' } as const };
    expect(
      resumed([recorded('a', 'failed', { ports: ['out'] }), recorded('b', 'failed')], nodes).retry,
    ).toEqual(['b']);
  });

  test.each([
    ['stopped under way', { kind: 'cancelled', code: 'run_timeout' }, 1, true],
    ['announced and taken back', { kind: 'cancelled', code: 'not_begun' }, 1, false],
    ['waiting for its next attempt', { kind: 'throttled', code: 'http_status' }, 1, false],
    ['never begun', null, 0, false],
  ] as const)('a call that must not be repeated, %s: in doubt is %4$s', (_, error, attempts, isDoubtful) => {
    const nodes = { a: { config: { effect: 'once' } } };
    const { retry, doubt } = resumed([recorded('a', 'cancelled', { error, attempts })], nodes);
    expect(isDoubtful ? doubt : retry).toEqual(['a']);
    expect(isDoubtful ? retry : doubt).toEqual([]);
  });
});

describe('in loops', () => {
  test('the loop is open again, its finished items stay', () => {
    const steps = [
      recorded('each', 'failed'),
      recorded('in 0', 'succeeded'),
      recorded('in 1', 'failed'),
      recorded('in 2', 'cancelled'),
    ];
    expect(resumed(steps)).toEqual({ retry: ['in 1', 'in 2'], reopen: ['each'], doubt: [] });
  });

  test('a loop that had no item yet begins anew', () => {
    expect(resumed([recorded('each', 'failed')])).toMatchObject({ retry: ['each'], reopen: [] });
  });

  test('items that the loop goes on without stay, with all that is in them', () => {
    const steps = [
      recorded('each', 'cancelled', { outlivesItems: true }),
      recorded('in 0', 'failed'),
      recorded('inner 0', 'cancelled'),
      recorded('in 1', 'cancelled'),
      recorded('a', 'failed'),
    ];
    expect(resumed(steps)).toEqual({ retry: ['a', 'in 1'], reopen: ['each'], doubt: [] });
  });

  test('in loops are open again one by one', () => {
    const steps = [
      recorded('each', 'failed'),
      recorded('in 0', 'succeeded'),
      recorded('inner 0', 'succeeded'),
      recorded('deep 0.0', 'succeeded'),
      recorded('in 1', 'succeeded'),
      recorded('inner 1', 'failed'),
      recorded('deep 1.0', 'succeeded'),
      recorded('deep 1.1', 'failed'),
    ];
    expect(resumed(steps)).toEqual({ retry: ['deep 1.1'], reopen: ['each', 'inner 1'], doubt: [] });
  });
});
