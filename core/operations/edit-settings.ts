import type { Catalog } from '../catalog.ts';
import { type FlowDocument, type FlowNode, edgePort } from '../flow-document.ts';
import type { FlowOperation, NodeOptions } from '../flow-operation.ts';
import { FORBIDDEN_KEYS, type Json, isJsonObject } from '../json.ts';
import { type Edit, edited, noSuchNode, refuse, withNode } from './edit.ts';

type Operation<K extends FlowOperation['kind']> = Extract<FlowOperation, { kind: K }>;
type Path = readonly (string | number)[];

const OPTIONS: ReadonlySet<string> = new Set<keyof NodeOptions>([
  'connection',
  'retry',
  'timeoutSeconds',
  'onError',
  'join',
  'effect',
  'compensate',
  'label',
]);

const NO_SUCH_PLACE = Symbol('no such place');

/** Missing objects and lists on the way are made; a list can be extended by one at its end. */
export function setConfig(flow: FlowDocument, operation: Operation<'set_config'>, catalog: Catalog): Edit {
  const { nodeId, path, value } = operation;
  const index = flow.nodes.findIndex((node) => node.id === nodeId);
  const node = flow.nodes[index];
  if (node === undefined) return noSuchNode(nodeId);
  if (path.some((part) => FORBIDDEN_KEYS.has(String(part)))) {
    return refuse('forbidden_key', `"${path.join('.')}" cannot be used as a name.`, { nodeId });
  }
  const config = replaceAt(node.config, path, value) ?? {};
  if (config === NO_SUCH_PLACE || !isJsonObject(config)) {
    return refuse('setting_unreachable', `There is no place "${path.join('.')}" in these settings.`, {
      nodeId,
    });
  }
  if (config === node.config) return edited(flow);
  return edited(dropClosedPorts(withNode(flow, index, { ...node, config }), nodeId, catalog));
}

export function setOptions(flow: FlowDocument, operation: Operation<'set_options'>, catalog: Catalog): Edit {
  const { nodeId, options } = operation;
  const index = flow.nodes.findIndex((node) => node.id === nodeId);
  const node = flow.nodes[index];
  if (node === undefined) return noSuchNode(nodeId);
  const unknown = Object.keys(options).find((key) => !OPTIONS.has(key));
  if (unknown !== undefined)
    return refuse('option_unknown', `A node has no option "${unknown}".`, { nodeId });
  const merged = Object.entries({ ...node, ...options }).filter(([, value]) => value !== undefined);
  return edited(
    dropClosedPorts(withNode(flow, index, Object.fromEntries(merged) as FlowNode), nodeId, catalog),
  );
}

/** Edges from ports that the node no longer has go, as they would if the node went. */
function dropClosedPorts(flow: FlowDocument, nodeId: string, catalog: Catalog): FlowDocument {
  const node = flow.nodes.find((each) => each.id === nodeId);
  const nodeType = node && catalog(node.type, node.version);
  if (node === undefined || nodeType === undefined) return flow;
  const ports = new Set([...nodeType.ports(node.config), ...(node.onError === 'branch' ? ['error'] : [])]);
  const edges = flow.edges.filter((edge) => edge.from !== nodeId || ports.has(edgePort(edge)));
  return edges.length === flow.edges.length ? flow : { ...flow, edges };
}

/** The value with another one at `path`, sharing all the rest; undefined takes the place itself away. */
function replaceAt(
  value: Json | undefined,
  path: Path,
  replacement: Json | undefined,
): Json | undefined | typeof NO_SUCH_PLACE {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  if (value === undefined && replacement === undefined) return undefined;
  const container = value ?? (typeof first === 'number' ? [] : {});
  if (Array.isArray(container))
    return replaceItem(container as readonly Json[], first, { rest, replacement });
  if (!isJsonObject(container)) return NO_SUCH_PLACE;
  const key = String(first);
  const before = Object.hasOwn(container, key) ? container[key] : undefined;
  const after = replaceAt(before, rest, replacement);
  if (after === NO_SUCH_PLACE) return NO_SUCH_PLACE;
  if (after === before) return value;
  if (after !== undefined) return { ...container, [key]: after };
  const { [key]: _, ...others } = container;
  return others;
}

function replaceItem(
  list: readonly Json[],
  index: string | number,
  { rest, replacement }: { rest: Path; replacement: Json | undefined },
): Json | typeof NO_SUCH_PLACE {
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > list.length)
    return NO_SUCH_PLACE;
  const before = list[index];
  const after = replaceAt(before, rest, replacement);
  if (after === NO_SUCH_PLACE) return NO_SUCH_PLACE;
  if (after === before) return list;
  if (after === undefined) return list.toSpliced(index, 1);
  return index === list.length ? [...list, after] : list.with(index, after);
}
