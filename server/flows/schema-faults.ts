import { jsonPointer, type Fault } from '#core/fault.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import { compileJsonSchema } from '#server/json-schema.ts';

/** JSON Schemas in settings that cannot be compiled; what the browser-safe validator leaves to the server. */
export function schemaFaults(flow: FlowDocument): Fault[] {
  return flow.nodes.flatMap(faultOf);
}

function faultOf(node: FlowNode, index: number): Fault[] {
  const schema = node.config['schema'];
  if (!isJsonObject(schema)) return [];
  try {
    compileJsonSchema(schema);
    return [];
  } catch (error) {
    const pointer = jsonPointer(['nodes', index, 'config', 'schema']);
    const message = `This is not a JSON Schema that can be used: ${(error as Error).message}.`;
    return [{ level: 'blocks_publish', code: 'schema_invalid', pointer, message, nodeId: node.id }];
  }
}
