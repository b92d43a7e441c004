import type { FlowTest } from '#core/api/flow-tests.ts';
import type { Json } from '#core/json.ts';
import type { FlowTest as FlowTestRow } from '#prisma/generated/client.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';

/** A test as the API shows it. */
export function toFlowTest(row: FlowTestRow): FlowTest {
  return {
    id: row.id,
    name: row.name,
    input: fromStoredJson(row.input as Json),
    runId: row.runId,
    receivedAt: row.receivedAt.toISOString(),
    startedAt: row.startedAt.toISOString(),
    pins: fromStoredJson(row.pins as Json) as unknown as FlowTest['pins'],
    expectations: fromStoredJson(row.expectations as Json) as unknown as FlowTest['expectations'],
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
  };
}
