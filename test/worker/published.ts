import type { PublishedFlow, TestFlow, WorkerFixture } from './worker-fixture.ts';

/** A flow that other flows can start: with a published version. */
export async function publishForCalls(fixture: WorkerFixture, flow: TestFlow): Promise<PublishedFlow> {
  const published = await fixture.publish(flow);
  await fixture.db.query('update flow set published_version = 1 where id = $1', [published.id]);
  return published;
}
