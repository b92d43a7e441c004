import { WAIT_LOOK } from '#components/ui/status-badge.tsx';
import type { Catalog } from '#core/catalog.ts';
import type { Fault } from '#core/fault.ts';
import type { FlowDocument, FlowNode, Position } from '#core/flow-document.ts';

import { contentsOf, nodeById } from '#core/graph.ts';

import type { CanvasNode, StepNodeData } from './canvas-node.ts';
import { expectedHandles, MANY_NODES } from './expected-handles.ts';
import { foldingOf, groupKey } from './folding.ts';
import { foldedCorner, isGroup } from './group-frame.ts';
import { freePorts } from './free-ports.ts';
import { bodyOf, depthOf, isLoop } from './loop-bodies.ts';
import { nodeBoxes } from './node-place.ts';
import type { Box } from './node-place.ts';
import { isTrigger, nodeLabel, portsOf } from './node-ports.ts';
import type { NodeRunState } from './node-run-state.ts';
import { NODE_WIDTH, nodeHeight } from './node-size.ts';
import { isUndo, undoneBy } from './undo-nodes.ts';

export interface NodeSources {
  readonly document: FlowDocument;
  readonly mode: 'edit' | 'run' | 'diff';
  readonly selectedNodeIds: ReadonlySet<string>;
  /** Sizes that React Flow measured, by node id. */
  readonly measured: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
  readonly dragged?: Readonly<Record<string, Position>> | null;
  /** The loop that what is being dragged would go into. */
  readonly dropLoopId?: string | null;
  /** Loops that are drawn as one box, without what is in them. */
  readonly foldedIds?: ReadonlySet<string>;
  readonly faultsByNode?: ReadonlyMap<string, readonly Fault[]>;
  readonly states?: ReadonlyMap<string, NodeRunState>;
}

const NO_FAULTS: readonly Fault[] = [];

/**
 * Makes React Flow's nodes from the document. Remembers what it made: a node of which nothing changed is the same object
 * again, so that a drag of one node redraws one node.
 */
export function createNodeDeriver(catalog: Catalog): (sources: NodeSources) => CanvasNode[] {
  let made = new Map<string, CanvasNode>();
  return (sources) => {
    const boxes = nodeBoxes(sources.document, catalog);
    const focusId = [...sources.selectedNodeIds][0] ?? sources.document.nodes[0]?.id;
    const { hidden, groupOf } = foldingOf(sources.document, sources.foldedIds ?? NONE);
    const corners = groupCorners(sources, boxes);
    const drawn =
      hidden.size === 0 ? sources.document.nodes : sources.document.nodes.filter(({ id }) => !hidden.has(id));
    const nodes = drawn.map((node) => {
      const data = nodeData(node, sources, catalog);
      const place = placeOf(node, { box: boxes.get(node.id) ?? NOWHERE, sources, catalog });
      const next: CanvasNode = {
        id: node.id,
        ...place,
        ...tucked(corners.get(groupOf.get(node.id) ?? '')),
        data,
        selected: sources.selectedNodeIds.has(node.id),
        ...measuredOrExpected(data, place, { sources, catalog }),
        ariaLabel: ariaLabel(data, { document: sources.document, catalog }),
        // One stop for the keyboard: arrows walk from there.
        domAttributes: { tabIndex: node.id === focusId ? 0 : -1 },
      };
      return reuse(made.get(node.id), next);
    });
    made = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  };
}

/** Where the boxes of folded groups stand, by the ids of these. */
function groupCorners(
  { document, foldedIds, dragged }: NodeSources,
  boxes: ReadonlyMap<string, Box>,
): ReadonlyMap<string, Position> {
  if (!foldedIds || foldedIds.size === 0) return NO_CORNERS;
  return new Map(
    document.notes.flatMap((note) => {
      const isFolded = isGroup(note) && foldedIds.has(groupKey(note));
      const corner = isFolded ? foldedCorner(document, note, { boxes, dragged }) : undefined;
      return corner ? [[note.id, corner] as const] : [];
    }),
  );
}

/** Behind the box of its group, unseen, so that the edges of the node end there. */
function tucked(corner: Position | undefined): Partial<CanvasNode> {
  if (!corner) return SEEN;
  return { position: corner, className: 'tucked-away', selectable: false, draggable: false };
}

const SEEN: Partial<CanvasNode> = { className: undefined, selectable: undefined, draggable: undefined };
const NO_CORNERS: ReadonlyMap<string, Position> = new Map();
const NONE: ReadonlySet<string> = new Set();
const NOWHERE: Box = { x: 0, y: 0, width: 0, height: 0 };
/** Only the frame and the header of a loop take the pointer: what is between lets it through to the canvas. */
const LOOP_STYLE = { pointerEvents: 'none' } as const;
const DRAGGED_ABOVE = 500;

/**
 * Where and how large a node is drawn. While something is dragged, loops stay as they are: one that followed the node
 * dragged out of it could not be left.
 */
function placeOf(
  node: FlowNode,
  { box, sources, catalog }: { box: Box; sources: NodeSources; catalog: Catalog },
): Pick<CanvasNode, 'type' | 'position'> & Partial<CanvasNode> {
  const { document, dragged, mode } = sources;
  const position = dragged?.[node.id] ?? { x: box.x, y: box.y };
  const zIndex = 2 * depthOf(document, node);
  // Until it is measured: so that the view fits and edges are drawn from the first frame.
  const size = { initialWidth: box.width, initialHeight: box.height };
  if (isLoop(node, catalog)) {
    const { width, height } = sources.foldedIds?.has(node.id)
      ? { width: NODE_WIDTH, height: nodeHeight(portsOf(node, catalog).length) }
      : box;
    const style = mode === 'edit' ? LOOP_STYLE : undefined;
    const dragHandle = '.loop-handle';
    return {
      type: 'loop',
      position,
      zIndex,
      initialWidth: width,
      initialHeight: height,
      width,
      height,
      style,
      dragHandle,
    };
  }
  const isAlone = dragged?.[node.id] !== undefined && node.parent !== undefined && !dragged[node.parent];
  return { type: 'step', position, zIndex: isAlone ? zIndex + DRAGGED_ABOVE : zIndex, ...size };
}

/** In a large flow most nodes are never drawn, and so never measured: what is known of them beforehand stands in. */
function measuredOrExpected(
  data: StepNodeData,
  { type, initialWidth = 0, initialHeight = 0 }: Partial<CanvasNode>,
  { sources, catalog }: { sources: NodeSources; catalog: Catalog },
): Pick<CanvasNode, 'measured' | 'handles'> {
  const measured = sources.measured.get(data.node.id);
  if (measured || sources.document.nodes.length <= MANY_NODES) return { measured, handles: undefined };
  const size = { width: initialWidth, height: initialHeight };
  const { ports, role, hasUndo } = data;
  const handles = expectedHandles({
    ports,
    role,
    hasUndo,
    type: type ?? 'step',
    isTrigger: isTrigger(data.node, catalog),
    size,
  });
  return { measured: size, handles };
}

function nodeData(node: FlowNode, sources: NodeSources, catalog: Catalog): StepNodeData {
  return {
    node,
    ports: portsOf(node, catalog),
    freePorts: freePorts(sources.document, node, catalog),
    faults: faultsOf(node, sources),
    mode: sources.mode,
    role: isUndo(sources.document, node.id) ? 'undo' : 'work',
    hasUndo: node.compensate !== undefined,
    insideCount: bodyOf(sources.document, node.id).length,
    isFolded: sources.foldedIds?.has(node.id) === true,
    isDropTarget: sources.dropLoopId === node.id,
    run: sources.states?.get(node.id),
  };
}

/** Those of a folded loop are all that it hides, too. */
function faultsOf(node: FlowNode, { document, foldedIds, faultsByNode }: NodeSources): readonly Fault[] {
  if (!foldedIds?.has(node.id)) return faultsByNode?.get(node.id) ?? NO_FAULTS;
  return [...contentsOf(document, [node.id])].flatMap((id) => faultsByNode?.get(id) ?? NO_FAULTS);
}

function ariaLabel(
  data: StepNodeData,
  { document, catalog }: { document: FlowDocument; catalog: Catalog },
): string {
  const { node } = data;
  const count = data.faults.length;
  const faults = count === 0 ? '' : `, ${count} ${count === 1 ? 'fault' : 'faults'}`;
  const state = data.run ? `, ${stateInWords(data.run)}` : '';
  const loop = node.parent === undefined ? undefined : nodeById(document, node.parent);
  const around = loop ? `, in ${nodeLabel(loop, catalog)}` : '';
  const undone = undoneBy(document, node.id);
  const undoes = undone ? `, undoes ${nodeLabel(undone, catalog)}` : '';
  const folded = data.isFolded ? ', folded' : '';
  const inside = isLoop(node, catalog) ? `, ${inWords(data.insideCount)} inside${folded}` : '';
  return `${nodeLabel(node, catalog)}, ${node.type}${inside}${around}${undoes}${state}${faults}`;
}

const MARK_WORDS = { parts: 'the runs part here', differs: 'differs' } as const;

function stateInWords({ status, waitingFor, progress, isReused, mark }: NodeRunState): string {
  const state = status === 'waiting' && waitingFor ? WAIT_LOOK[waitingFor].label : status.replace('_', ' ');
  const words = isReused ? `${state}, taken over` : state;
  const marked = mark === undefined ? words : `${words}, ${MARK_WORDS[mark]}`;
  return progress === undefined ? marked : `${marked}, ${progress}`;
}

function inWords(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

function reuse(old: CanvasNode | undefined, next: CanvasNode): CanvasNode {
  if (!old) return next;
  const data = sameData(old.data, next.data) ? old.data : next.data;
  const isSame =
    data === old.data &&
    old.position.x === next.position.x &&
    old.position.y === next.position.y &&
    old.selected === next.selected &&
    sameSize(old.measured, next.measured) &&
    (old.handles === undefined) === (next.handles === undefined) &&
    old.width === next.width &&
    old.height === next.height &&
    old.zIndex === next.zIndex &&
    old.className === next.className &&
    old.ariaLabel === next.ariaLabel &&
    old.domAttributes?.tabIndex === next.domAttributes?.tabIndex;
  return isSame ? old : { ...next, data };
}

function sameSize(old: CanvasNode['measured'], next: CanvasNode['measured']): boolean {
  return old === next || (old?.width === next?.width && old?.height === next?.height);
}

function sameData(old: StepNodeData, next: StepNodeData): boolean {
  return (
    old.node === next.node &&
    (old.faults === next.faults || (next.isFolded && sameItems(old.faults, next.faults))) &&
    old.mode === next.mode &&
    old.role === next.role &&
    old.hasUndo === next.hasUndo &&
    old.insideCount === next.insideCount &&
    old.isFolded === next.isFolded &&
    old.isDropTarget === next.isDropTarget &&
    sameState(old.run, next.run) &&
    old.ports.join() === next.ports.join() &&
    old.freePorts.join() === next.freePorts.join()
  );
}

function sameItems(old: readonly Fault[], next: readonly Fault[]): boolean {
  return old.length === next.length && old.every((fault, index) => fault === next[index]);
}

function sameState(old: NodeRunState | undefined, next: NodeRunState | undefined): boolean {
  if (old === next || !old || !next) return old === next;
  return (
    old.status === next.status &&
    old.attempts === next.attempts &&
    old.durationMs === next.durationMs &&
    old.nextAttemptAt === next.nextAttemptAt &&
    old.waitingFor === next.waitingFor &&
    old.progress === next.progress &&
    old.isReused === next.isReused &&
    old.isPinned === next.isPinned &&
    old.error?.message === next.error?.message
  );
}
