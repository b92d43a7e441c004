import type { FlowDocument, FlowNode } from '../flow-document.ts';
import { jsonPointer } from '../fault.ts';
import type { Json } from '../json.ts';
import { parseTemplate } from '../template.ts';
import { computedParts, isExpression } from '../value.ts';

import type { DriftPath } from './find-departures.ts';
import { type ReadPath, readPaths } from './read-paths.ts';

/** A setting that reads what is no longer as it was. */
export interface BrokenUse {
  /** Null for a setting of the flow itself. */
  readonly nodeId: string | null;
  /** What people know the node by. */
  readonly label: string;
  /** JSON pointer to the value, into the node (`/config/output/title`) or into the flow's settings. */
  readonly setting: string;
  /** The path as it is read, for example `trigger.body.customer.email`. */
  readonly reads: string;
}

/** Where a change is: in the trigger's body, or in the output of a step, by its node id. */
export type DriftPlace = 'trigger' | { readonly step: string };

/** Every setting of a flow that reads the changed place or something inside it. */
export function brokenUses(
  document: Pick<FlowDocument, 'nodes' | 'settings'>,
  change: { readonly place: DriftPlace; readonly path: DriftPath },
): readonly BrokenUse[] {
  const changed = contextPath(change);
  return readsOf(document)
    .filter(({ path }) => isWithin(path, changed))
    .map(({ use }) => use);
}

/** The place as expressions name it; `{}` stays, for any key. */
function contextPath({ place, path }: { readonly place: DriftPlace; readonly path: DriftPath }): ReadPath {
  const start = place === 'trigger' ? ['trigger', 'body'] : ['steps', place.step];
  return [...start, ...path.filter((part) => part !== '[]')];
}

function isWithin(read: ReadPath, changed: ReadPath): boolean {
  return read.length >= changed.length && changed.every((part, at) => part === '{}' || part === read[at]);
}

interface Reads {
  readonly path: ReadPath;
  readonly use: BrokenUse;
}

function readsOf({ nodes, settings }: Pick<FlowDocument, 'nodes' | 'settings'>): readonly Reads[] {
  const items = new Map(nodes.map((node) => [node.id, node]));
  return [
    ...nodes.flatMap((node) => {
      const owner = { nodeId: node.id, label: node.label ?? node.id, start: '/config' };
      return readsIn(node.config ?? {}, owner, itemOf(node, items));
    }),
    ...readsIn(settings ?? {}, { nodeId: null, label: 'Flow settings', start: '' }),
  ];
}

/** What `item` stands for in a node: the list that the loop around it goes through. */
function itemOf(node: FlowNode, nodes: ReadonlyMap<string, FlowNode>): ReadPath | undefined {
  const loop = node.parent === undefined ? undefined : nodes.get(node.parent);
  const list = loop?.config?.['items'];
  if (loop === undefined || !isExpression(list)) return undefined;
  return readPaths(list.$expr, itemOf(loop, nodes)).at(-1);
}

function readsIn(
  value: Json,
  owner: { readonly nodeId: string | null; readonly label: string; readonly start: string },
  item?: ReadPath,
): readonly Reads[] {
  return computedParts(value).flatMap((part) => {
    const sources = isExpression(part.value) ? [part.value.$expr] : islandsOf(String(part.value.$tpl));
    const setting = `${owner.start}${jsonPointer(part.path)}`;
    const paths = new Map(
      sources.flatMap((source) => readPaths(source, item)).map((path) => [path.join('.'), path]),
    );
    return [...paths].map(([reads, path]) => ({
      path,
      use: { nodeId: owner.nodeId, label: owner.label, setting, reads },
    }));
  });
}

function islandsOf(text: string): readonly string[] {
  const template = parseTemplate(text);
  return template.ok ? template.parts.flatMap((p) => (p.kind === 'island' ? [p.source] : [])) : [];
}
