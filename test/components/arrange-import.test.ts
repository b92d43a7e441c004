import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { nodeBoxes, overlaps } from '#components/canvas/node-place.ts';
import { arrangeImport } from '#components/flows/arrange-import.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { importFlow } from '#core/import/import-flow.ts';
import type { Json } from '#core/json.ts';

const FIXTURES = join(import.meta.dirname, '../core/import/fixtures');

async function arranged(name: string): Promise<{ before: FlowDocument; after: FlowDocument }> {
  const made = importFlow(JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as Json);
  if (made?.ok !== true) throw new Error(made?.message);
  return { before: made.document, after: await arrangeImport(made.document) };
}

/** Pairs of nodes of the same loop, or of none, that lie on each other. */
function crowded(flow: FlowDocument): readonly string[] {
  const boxes = nodeBoxes(flow, catalog);
  return flow.nodes.flatMap((one, index) =>
    flow.nodes.slice(index + 1).flatMap((other) => {
      const [a, b] = [boxes.get(one.id), boxes.get(other.id)];
      return a && b && one.parent === other.parent && overlaps(a, b) ? [`${one.id} ${other.id}`] : [];
    }),
  );
}

test.each([
  'n8n/order-intake',
  'n8n/nightly-report',
  'n8n/crm-sync',
  'n8n/error-alert',
  'n8n/old-versions',
  'node-red/sensor-alert',
  'node-red/lines-loop',
  'node-red/order-api',
  'node-red/files',
  'node-red/old-nodes',
])('%s: no node lies on another', async (name) => {
  const { after } = await arranged(name);
  expect(crowded(after)).toEqual([]);
});

test('a flow that has room keeps its places', async () => {
  const { before, after } = await arranged('n8n/order-intake');
  expect(after).toBe(before);
});
