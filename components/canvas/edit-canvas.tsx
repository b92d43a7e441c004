'use client';

import { useReactFlow } from '@xyflow/react';
import type { Connection, EdgeChange, FinalConnectionState, NodeChange } from '@xyflow/react';
import { memo, useCallback, useMemo, useState } from 'react';
import type { MouseEvent as ReactMouseEvent } from 'react';

import { useShownRunStates } from '#components/flow-tests/use-shown-run.ts';
import { CanvasNotes } from '#components/notes/canvas-notes.tsx';
import { PresenceOutlines } from '#components/presence/presence-outlines.tsx';
import type { FlowEdge } from '#core/flow-document.ts';
import { edgeId } from '#core/edge-id.ts';
import type { Coverage } from '#core/flow-tests/coverage.ts';

import { CanvasActionsContext } from './canvas-actions.ts';
import type { CanvasEdge, CanvasNode } from './canvas-node.ts';
import {
  commitDrag,
  finishConnection,
  isConnectable,
  pointOf,
  reconnectEdge,
  takeEdgeChanges,
  takeNodeChanges,
} from './canvas-gestures.ts';
import { CanvasGroups } from './canvas-groups.tsx';
import { CanvasView, useMeasuredSizes } from './canvas-view.tsx';
import { createEdgeDeriver } from './derive-edges.ts';
import { createNodeDeriver } from './derive-nodes.ts';

import { connectNodes } from './edit-actions.ts';
import { EditCanvasExtras } from './edit-canvas-extras.tsx';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { EmptyCanvas } from './empty-canvas.tsx';
import { foldingOf, toggleFold } from './folding.ts';
import { insidePlace, loopAt } from './node-place.ts';
import { QuickPicker } from './quick-picker.tsx';
import { SelectionToolbar } from './selection-toolbar.tsx';
import { snapDrag } from './snap-drag.ts';
import { SnapLines } from './snap-lines-view.tsx';
import { useCanvasClipboard } from './use-canvas-clipboard.ts';
import { useCanvasDrop } from './use-canvas-drop.ts';
import { useCanvasKeys } from './use-canvas-keys.ts';

/** The canvas of the editor: draws the document and turns gestures into operations. */
export const EditCanvas = memo(function EditCanvas() {
  const store = useEditorStore();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const { nodes, edges, measure } = useDrawnFlow();
  const handlers = useCanvasHandlers();
  const drop = useCanvasDrop();
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      measure(changes);
      handlers.onNodesChange(changes);
    },
    [measure, handlers],
  );
  useCanvasKeys(host);
  useCanvasClipboard(host);

  const [actions] = useState(() => ({
    addAfter: (nodeId: string, port: string) =>
      store.setState({ picker: { kind: 'add_after', nodeId, port } }),
    addInside: (parent: string) =>
      store.setState({
        picker: { kind: 'add', parent, at: insidePlace(store.getState().document, store.catalog, parent) },
      }),
    insertOn: (edge: FlowEdge) => store.setState({ picker: { kind: 'insert', edge } }),
    toggleFold: (loopId: string) => toggleFold(store, [loopId]),
    removeEdge: (edge: FlowEdge) =>
      void store.apply({ kind: 'remove_edges', edges: [edge] }, { say: 'Edge removed' }),
  }));
  const editable = !store.isReadOnly;
  return (
    <CanvasActionsContext value={editable ? actions : { toggleFold: actions.toggleFold }}>
      <div
        ref={setHost}
        data-region="canvas"
        data-view="canvas"
        role="region"
        aria-label="Flow canvas. Press Tab to add a node, question mark for all keys, F6 to leave."
        tabIndex={nodes.length === 0 ? 0 : -1}
        className="relative h-full w-full focus-ring-inset"
      >
        {host && (
          <CanvasView
            label="Flow canvas"
            nodes={nodes}
            edges={edges}
            {...handlers}
            {...drop}
            onNodesChange={onNodesChange}
            room={host}
            multiSelectionKeyCode={MULTI_SELECT_KEYS}
            nodesDraggable={editable}
            nodesConnectable={editable}
            edgesReconnectable={editable}
            controls={<EditCanvasExtras />}
          >
            <CanvasGroups />
            <CanvasNotes />
            <SnapLines />
            <SelectionToolbar />
            <PresenceOutlines />
            <QuickPicker />
            {/* Inside, so that what is dropped on its words lands on the canvas. */}
            {nodes.length === 0 && <EmptyCanvas />}
          </CanvasView>
        )}
      </div>
    </CanvasActionsContext>
  );
});

const MULTI_SELECT_KEYS = ['Shift', 'Meta', 'Control'];

function useDrawnFlow() {
  const { catalog } = useEditorStore();
  const document = useEditor((state) => state.document);
  const selectedNodeIds = useEditor((state) => state.selectedNodeIds);
  const selectedEdgeIds = useEditor((state) => state.selectedEdgeIds);
  const dragged = useEditor((state) => state.dragged);
  const dropLoopId = useEditor((state) => state.dropLoopId);
  const foldedIds = useEditor((state) => state.foldedIds);
  const faultsByNode = useEditor((state) => state.faultsByNode);
  const coverage = useEditor((state) => state.coverage);
  const shownStates = useShownRunStates();
  const states = coverage ? undefined : shownStates;
  const taken = useMemo(() => coverage && takenEdges(coverage), [coverage]);
  const { measured, measure } = useMeasuredSizes();
  const [derive] = useState(() => ({ nodes: createNodeDeriver(catalog), edges: createEdgeDeriver() }));
  const nodes = useMemo(
    () =>
      derive.nodes({
        document,
        mode: 'edit',
        selectedNodeIds,
        measured,
        dragged,
        dropLoopId,
        foldedIds,
        faultsByNode,
        ...(states && { states }),
      }),
    [derive, document, selectedNodeIds, measured, dragged, dropLoopId, foldedIds, faultsByNode, states],
  );
  const edges = useMemo(
    () =>
      derive.edges({
        document,
        mode: 'edit',
        selectedEdgeIds,
        folding: foldingOf(document, foldedIds),
        ...(states && { states }),
        ...(taken && { taken }),
      }),
    [derive, document, selectedEdgeIds, foldedIds, states, taken],
  );
  return { nodes, edges, measure };
}

/** How often tests took each edge, by its id. */
function takenEdges(coverage: Coverage): ReadonlyMap<string, number> {
  return new Map(coverage.edges.map(({ taken, ...edge }) => [edgeId(edge), taken]));
}

function useCanvasHandlers() {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const [handlers] = useState(() => ({
    onNodesChange: (changes: NodeChange<CanvasNode>[]) => takeNodeChanges(store, changes),
    onEdgesChange: (changes: EdgeChange<CanvasEdge>[]) => takeEdgeChanges(store, changes),
    onNodeDrag: (event: MouseEvent | TouchEvent) => snapDrag(store, { isFree: event.altKey }),
    onSelectionDrag: (event: ReactMouseEvent) => snapDrag(store, { isFree: event.altKey }),
    onNodeDragStop: () => commitDrag(store),
    onSelectionDragStop: () => commitDrag(store),
    onConnect: (connection: Connection) => {
      connectNodes(store, {
        from: connection.source,
        port: connection.sourceHandle ?? 'out',
        to: connection.target,
      });
    },
    onConnectEnd: (event: MouseEvent | TouchEvent, end: FinalConnectionState) =>
      finishConnection(store, end, { point: pointOf(event), toFlow: screenToFlowPosition }),
    onReconnect: (old: CanvasEdge, connection: Connection) => reconnectEdge(store, old, connection),
    isValidConnection: (connection: Connection | CanvasEdge) => isConnectable(store, connection),
    onNodeDoubleClick: () => store.setState({ isInspectorOpen: true }),
    onPaneClick: (event: ReactMouseEvent) => {
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const { document, foldedIds } = store.getState();
      const loopId = loopAt(document, store.catalog, { point: at, except: foldedIds });
      if (event.detail === 2 && !store.isReadOnly)
        store.setState({ picker: { kind: 'add', at, ...(loopId !== undefined && { parent: loopId }) } });
      // A click between the nodes of a loop means the loop. After React Flow has cleared the selection.
      else if (loopId !== undefined) queueMicrotask(() => store.select([loopId]));
    },
  }));
  return handlers;
}
