import { nodeSummary } from '#components/canvas/node-summary.ts';
import { nodeLabel, portsOf } from '#components/canvas/node-ports.ts';
import type { Catalog } from '#core/catalog.ts';
import type { Fault } from '#core/fault.ts';
import { edgePort } from '#core/flow-document.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { incomingEdges, nodeById } from '#core/graph.ts';

import type { OutlineItem } from './outline-item.ts';

export interface ItemWords {
  /** What a row shows first, and how it is called in messages. */
  readonly title: string;
  /** A second, quieter part; empty where there is nothing to say. */
  readonly detail: string;
}

interface Flow {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
}

/** What a row of the outline says. */
export function itemWords(item: OutlineItem, flow: Flow): ItemWords {
  switch (item.kind) {
    case 'step':
      return stepWords(item, flow);
    case 'branch':
      return { title: branchTitle(item, flow), detail: item.children.length === 0 ? 'nothing yet' : '' };
    case 'body':
      return { title: 'For each item', detail: item.children.length === 0 ? 'nothing yet' : '' };
    case 'start':
      return { title: `Start ${item.index + 1} of ${item.count}`, detail: '' };
    case 'loose':
      return { title: 'Not reached', detail: 'no trigger leads here' };
    case 'reference':
      return { title: `Continues at ${labelIn(flow, item.edge.to)}`, detail: '' };
  }
}

/** The whole row in words, for those who hear it: also what icons and marks say. */
export function itemAriaLabel(item: OutlineItem, flow: Flow, faults: readonly Fault[]): string {
  const { title, detail } = itemWords(item, flow);
  if (item.kind !== 'step') return detail === '' ? title : `${title}, ${detail}`;
  const node = nodeById(flow.document, item.nodeId);
  const count = faults.length === 0 ? '' : `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  const connection = node?.connection === undefined ? '' : `connection ${node.connection}`;
  const undo = item.role === 'undo' ? 'undoes it when the run fails later' : '';
  return [title, node?.type ?? '', undo, meetingWords(item, flow), connection, count]
    .filter(Boolean)
    .join(', ');
}

function stepWords(item: Extract<OutlineItem, { kind: 'step' }>, flow: Flow): ItemWords {
  const node = nodeById(flow.document, item.nodeId);
  if (!node) return { title: item.nodeId, detail: '' };
  const undo = item.role === 'undo' ? 'undo' : '';
  const detail = [undo, meetingWords(item, flow), nodeSummary(node)].filter(Boolean).join(' · ');
  return { title: nodeLabel(node, flow.catalog), detail };
}

/** Of a node that stands here and not after one line, because several ways lead to it. */
function meetingWords(item: Extract<OutlineItem, { kind: 'step' }>, { document }: Flow): string {
  const count = incomingEdges(document, item.nodeId).length;
  return item.via === undefined && count > 0 ? `${count} ways lead here` : '';
}

function branchTitle(item: Extract<OutlineItem, { kind: 'branch' }>, { document, catalog }: Flow): string {
  const node = nodeById(document, item.nodeId);
  const isNamed = node !== undefined && portsOf(node, catalog).length > 1;
  const part = item.count > 1 ? `${item.index + 1} of ${item.count}` : '';
  return isNamed ? [item.port, part && `(${part})`].filter(Boolean).join(' ') : `Way ${part}`;
}

function labelIn({ document, catalog }: Flow, nodeId: string): string {
  const node = nodeById(document, nodeId);
  return node ? nodeLabel(node, catalog) : nodeId;
}

/** An edge as `Map to Post to API` or `If, true, to Post`. */
export function edgeWords(edge: { from: string; port?: string | undefined; to: string }, flow: Flow): string {
  const port = edgePort({
    from: edge.from,
    to: edge.to,
    ...(edge.port !== undefined && { port: edge.port }),
  });
  const from = labelIn(flow, edge.from);
  return `${port === 'out' ? from : `${from}, ${port},`} to ${labelIn(flow, edge.to)}`;
}
