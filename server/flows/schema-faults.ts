import { jsonPointer, type Fault } from '#core/fault.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import { compileJsonSchema, JsonSchemaError } from '#core/json-schema.ts';

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
    if (!(error instanceof JsonSchemaError)) throw error;
    const pointer = jsonPointer(['nodes', index, 'config', 'schema']) + error.pointer;
    const message = `This is not a JSON Schema that can be used: ${error.message}.`;
    return [{ level: 'blocks_publish', code: 'schema_invalid', pointer, message, nodeId: node.id }];
  }
}
