import type { Json } from '../json.ts';
import type { FlowImportResult } from './flow-import.ts';
import { importN8n } from './n8n/import-n8n.ts';
import { isN8n } from './n8n/read-n8n.ts';
import { importNodeRed } from './node-red/import-node-red.ts';
import { isNodeRed } from './node-red/read-node-red.ts';

/**
 * Makes a flow of what another tool exported; undefined when it is of none that is known. Never throws, whatever the JSON
 * is. `start`: the key of the node to begin with, where there are several.
 */
export function importFlow(value: Json, options: { start?: string } = {}): FlowImportResult | undefined {
  if (isN8n(value)) return importN8n(value, options);
  if (isNodeRed(value)) return importNodeRed(value, options);
  return undefined;
}
