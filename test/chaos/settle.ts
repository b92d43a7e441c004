import { callApi } from './call-api.ts';
import { readDoubts, readRuns } from './observe.ts';
import type { Call, Doubt } from './records.ts';
import type { Rig } from './rig.ts';

/**
 * Does what a person would: settles each step in doubt as the far end's own record says (it happened: `done`; it did
 * not: `retry`), and resumes what failed. Resolves to the doubts; the runs go on by themselves.
 */
export async function settle(
  rig: Rig,
  calls: readonly Call[],
): Promise<{ doubts: Doubt[]; resumed: number }> {
  const happened = new Set(
    calls
      .filter(({ end, did }) => end === 'c' && did === 'effect')
      .map(({ run, node, item }) => `${run} ${node} ${item}`),
  );
  const doubts: Doubt[] = [];
  for (const found of await readDoubts(rig.db)) {
    const settledAs = happened.has(`${found.run} ${found.node} ${found.item}`) ? 'done' : 'retry';
    const { node: nodeId, item: key } = found;
    await callApi(rig.product, `POST /runs/${found.run}/resolve`, {
      ...{ nodeId, key, as: settledAs },
      ...(settledAs === 'done' && { output: { settled: 'by hand' } }),
    });
    doubts.push({ ...found, settledAs });
  }
  const failed = (await readRuns(rig.db)).filter(({ status }) => status === 'failed');
  for (const run of failed) await callApi(rig.product, `POST /runs/${run.id}/resume`, {});
  return { doubts, resumed: failed.length };
}
