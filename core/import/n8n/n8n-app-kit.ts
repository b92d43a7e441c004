import type { Json } from '../../json.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { given } from '../mapped.ts';
import { own } from '../own.ts';
import { type ItemData, one } from './item-data.ts';
import { askConnection, becomes, leftOut, type N8nMapping, type N8nNode } from './n8n-node.ts';

/** A setting by a path; undefined where there is none. A resource that was chosen from a list counts by its id. */
export function setting(node: N8nNode, place: string, ...path: readonly string[]): Json | undefined {
  const raw = at(node.parameters, ...path);
  const value = at(raw, '__rl') === true ? at(raw, 'value') : raw;
  return value === undefined || value === '' ? undefined : node.values.value(value, place);
}

/** Addresses in one text, as a list. */
export function addresses(node: N8nNode, place: string, ...path: readonly string[]): Json | undefined {
  const value = setting(node, place, ...path);
  if (typeof value !== 'string') return value === undefined ? undefined : [value];
  return value
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function operationOf(node: N8nNode, resource: string, operation: string): string {
  return `${textAt(node.parameters, ['resource'], resource)}.${textAt(node.parameters, ['operation'], operation)}`;
}

export interface Operation {
  readonly type: string;
  readonly config: (node: N8nNode) => Readonly<Record<string, Json | undefined>>;
  readonly data?: (node: N8nNode) => ItemData;
}

/** An app of n8n by its operations: those that we have, too. */
export function app(
  name: string,
  [resource, operation]: readonly [string, string],
  operations: Readonly<Record<string, Operation>>,
): N8nMapping {
  return (node) => {
    const wanted = operationOf(node, resource, operation);
    const found = own(operations, wanted);
    if (found === undefined) {
      return leftOut(
        node,
        `${name} here has no operation “${wanted}”.`,
        `Choose a node of ${name} that comes close, or call its API with an HTTP request.`,
      );
    }
    askConnection(node, name);
    return becomes(
      node,
      found.type,
      given(found.config(node)),
      found.data?.(node) ?? one(`steps.${node.id}`),
    );
  };
}

export function limitOf(node: N8nNode): number {
  return at(node.parameters, 'returnAll') === true
    ? 10_000
    : Number(textAt(node.parameters, ['limit'], '50')) || 50;
}

export function rowValues(node: N8nNode): Json | undefined {
  const mode = textAt(
    node.parameters,
    ['columns', 'mappingMode'],
    textAt(node.parameters, ['dataMode'], 'autoMapInputData'),
  );
  if (mode === 'defineBelow') {
    const values = at(node.parameters, 'columns', 'value');
    if (values !== undefined) return node.values.value(values, 'Values');
    const pairs = objectsAt(node.parameters, 'fieldsUi', 'fieldValues');
    return Object.fromEntries(
      pairs.map((pair) => [
        textAt(pair, ['fieldId'], textAt(pair, ['column'])),
        node.values.value(pair['fieldValue'], 'Values'),
      ]),
    );
  }
  return node.values.value('={{ $json }}', 'Values');
}
