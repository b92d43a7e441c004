import { describe, expect, it, vi } from 'vitest';

import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { deliver, eventsOf, makeHook } from '#test/support/hook-fixture.ts';
import { useHooks } from '#test/support/use-hooks.ts';

const hooks = useHooks();

/** The next statement that stores events is committed, and its answer is lost with its connection. */
function loseTheAnswer(): string[] {
  const pool = ingressPool();
  const query = pool.query.bind(pool) as (asked: { name: string }) => Promise<unknown>;
  const asked: string[] = [];
  vi.spyOn(pool, 'query').mockImplementation((async (statement: { name: string }) => {
    const answer = await query(statement);
    if (!statement.name.startsWith('ingress_store')) return answer;
    if (asked.push(statement.name) === 1) throw new Error('Connection terminated unexpectedly');
    return answer;
  }) as never);
  return asked;
}

describe('a batch whose commit was not heard of', () => {
  it.each([
    ['without a key', {}, ['ingress_store', 'ingress_store_again']],
    [
      'with a key',
      { dedupe: { $expr: 'trigger.body.id' } },
      ['ingress_store_keyed', 'ingress_store_keyed_again'],
    ],
  ])('is sent again and stores nothing twice: %s', async (_, config, statements) => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config });
    const asked = loseTheAnswer();
    const reply = await deliver(hooks.server, hook.path, {
      headers: { 'content-type': 'application/json' },
      body: '{"id":"once"}',
    });
    expect(asked).toEqual(statements);
    const stored = await eventsOf(hook);
    expect(stored).toHaveLength(1);
    expect(reply).toMatchObject({
      status: 202,
      json: { eventId: stored[0]!.id, runId: stored[0]!.run_id },
    });
    expect(reply.json).not.toHaveProperty('duplicate');
  });
});
