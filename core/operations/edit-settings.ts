import type { Catalog } from '../catalog.ts';
import { type FlowDocument, type FlowNode, edgePort } from '../flow-document.ts';
import type { FlowOperation, NodeOptions } from '../flow-operation.ts';
import { FORBIDDEN_KEYS, type Json, isJsonObject } from '../json.ts';
import { type Edit, edited, makeEdge, noSuchNode, refuse, withNode } from './edit.ts';

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
  return edited(followPorts(withNode(flow, index, { ...node, config }), node, catalog));
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
  return edited(followPorts(withNode(flow, index, Object.fromEntries(merged) as FlowNode), node, catalog));
}

/**
 * Edges keep to their ports: to a port that got another name under that name; those of a port that is no longer there go,
 * as they would if the node went.
 */
function followPorts(flow: FlowDocument, before: FlowNode, catalog: Catalog): FlowDocument {
  const node = flow.nodes.find((each) => each.id === before.id);
  const [old, now] = [before, node].map((each) => each && openPorts(each, catalog));
  if (node === undefined || old === undefined || now === undefined) return flow;
  const renames = renamedPorts(old, now);
  let changed = false;
  const edges = flow.edges.flatMap((edge) => {
    if (edge.from !== node.id || (now.includes(edgePort(edge)) && !renames.has(edgePort(edge))))
      return [edge];
    changed = true;
    const renamed = renames.get(edgePort(edge));
    return renamed === undefined ? [] : [makeEdge(edge.from, renamed, edge.to)];
  });
  return changed ? { ...flow, edges } : flow;
}

function openPorts(node: FlowNode, catalog: Catalog): readonly string[] | undefined {
  const ports = catalog(node.type, node.version)?.ports(node.config);
  return ports && [...ports, ...(node.onError === 'branch' ? ['error'] : [])];
}

/** As many ports as before, and one place holds a name that is new while the old one is gone: the same port. */
function renamedPorts(old: readonly string[], now: readonly string[]): ReadonlyMap<string, string> {
  if (old.length !== now.length) return new Map();
  const pairs = old.map((name, index) => [name, now[index] ?? name] as const);
  return new Map(pairs.filter(([from, to]) => !now.includes(from) && !old.includes(to)));
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
