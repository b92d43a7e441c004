import { beforeAll, expect, test } from 'vitest';

import { findFields } from '#server/flows/find-fields.ts';
import { readPart } from '#server/runs/read-part.ts';
import { readRun } from '#server/runs/read-run.ts';
import { readSteps, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();
beforeAll(async () => {
  await fixture.startWorker();
});

const HOOK = { id: 'hook', type: 'core.webhook', config: { verify: { scheme: 'none' } } };

test.each([
  ['a start by hand: what the event says', START, { number: 'A-7' }, '/number', 'number'],
  ['a webhook: the whole request', HOOK, { body: { number: 'A-7' } }, '/body/number', 'body.number'],
])('%s is the output of the trigger, kept as its event alone', async (_, start, output, pointer, field) => {
  const { workspaceId } = fixture;
  // Let go in the middle: what follows the wait reads the output of a step that the journal gave back.
  const wait = { id: 'wait', type: 'core.wait', config: { seconds: 0.2 } };
  const map = { id: 'map', type: 'core.map', config: { output: { $expr: `steps.${start.id}.${field}` } } };
  const flow = await fixture.publish({ nodes: [start, wait, map], edges: `${start.id}>wait wait>map` });
  const [id] = await fixture.start(flow, [{ number: 'A-7' }]);
  expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded', output: 'A-7' });
  expect((await readSteps(fixture, id!))[start.id]).toMatchObject({ status: 'succeeded', output: null });

  const { steps } = await readRun(workspaceId, id!);
  expect(steps.find(({ nodeId }) => nodeId === start.id)?.output).toMatchObject(output);
  const asked = { of: 'step_output', node: start.id, key: '', pointer, from: 0, limit: 100 } as const;
  expect(await readPart({ workspaceId, id: id! }, asked)).toMatchObject({ text: 'A-7' });
  const { data } = await findFields(workspaceId, flow.slug, [`steps.${start.id}.${field}`]);
  expect(data).toMatchObject([{ lastSeen: { runId: id }, missingSince: null }]);
});

test('what the journal has of a run from before is shown as it was kept', async () => {
  const flow = await fixture.publish({ nodes: [START], edges: '' });
  const [id] = await fixture.start(flow, [{ number: 'new' }]);
  await whenRun(fixture, id!);
  await fixture.db.query(`update step set output = '{"number":"as kept"}' where run_id = $1`, [id]);
  const { steps } = await readRun(fixture.workspaceId, id!);
  expect(steps[0]?.output).toEqual({ number: 'as kept' });
});
