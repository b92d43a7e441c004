import { expect, test } from 'vitest';

import { manualFlow } from '#test/support/sample-flows.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();

test('many starts at once in a process that never started one all succeed, some at a second try on a slow machine', async () => {
  await api.call('PUT /flows/crowd', manualFlow('crowd'));
  await api.call('POST /flows/crowd/publish');
  const start = async (input: number): Promise<number> => {
    const { status } = await api.call(
      'POST /flows/crowd/runs',
      { input },
      { headers: { 'idempotency-key': `n-${input}` } },
    );
    return status === 503 ? start(input) : status;
  };
  const replies = await Promise.all(Array.from({ length: 80 }, (_, n) => start(n)));
  expect(replies).toEqual(replies.map(() => 202));
  expect((await api.call('GET /runs?limit=200')).body.data).toHaveLength(80);
});
