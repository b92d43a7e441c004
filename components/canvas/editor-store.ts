import { temporal } from 'zundo';
import type { TemporalState } from 'zundo';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

import { applyOperation } from '#core/apply-operation.ts';
import type { Catalog } from '#core/catalog.ts';
import type { Fault } from '#core/fault.ts';
import type { FlowDocument, FlowEdge, Position } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import type { Coverage } from '#core/flow-tests/coverage.ts';
import type { JsonObject } from '#core/json.ts';
import { DEFAULT_SET } from '#core/pins/pin-sets.ts';

import { edgeId } from '#core/edge-id.ts';
import { unfoldAround } from './folding.ts';
import type { SnapLine } from './snap-lines.ts';
import { createUndoSteps } from './undo-history.ts';

/** What the picker was opened for. `at` is in flow units and only says where on the canvas the picker appears. */
export type PickerRequest =
  /** `parent` is the loop that the new node goes into; without it the one that lies at `at`. */
  | { readonly kind: 'add'; readonly at?: Position; readonly parent?: string }
  | { readonly kind: 'add_after'; readonly nodeId: string; readonly port?: string; readonly at?: Position }
  | { readonly kind: 'add_before'; readonly nodeId: string; readonly at: Position }
  | { readonly kind: 'insert'; readonly edge: FlowEdge }
  /** A new node that undoes this one. */
  | { readonly kind: 'add_undo'; readonly nodeId: string }
  /** A node of another type in place of this one. */
  | { readonly kind: 'replace'; readonly nodeId: string }
  /** From `port`, or from the one that is asked for. */
  | { readonly kind: 'connect'; readonly nodeId: string; readonly port?: string };

/** The dialogs of the editor's header. */
export type EditorDialog = 'publish' | 'run' | 'versions' | 'unpublish' | 'hook' | 'conflict' | 'template';

/** The two ways to see a flow while it is built. */
export type EditorView = 'canvas' | 'outline';

/** What a test run carries out: all of the draft, what leads to a node, or one node alone. */
export type RunPart = { readonly kind: 'all' } | { readonly kind: 'up_to' | 'only'; readonly nodeId: string };

export const ALL_OF_IT: RunPart = { kind: 'all' };

/** An event that came while the editor waited for it: what expressions see as `trigger`. */
export interface CapturedEvent {
  readonly event: JsonObject;
  /** Null for a flow that is not published. */
  readonly runId: string | null;
}

export interface ApplyOptions {
  /** Edits with the same key shortly after one another are one step of undo. */
  readonly mergeKey?: string;
  /** What the live region says. */
  readonly say?: string;
}

export interface EditorState {
  /** The truth: all that is drawn, saved and published derives from it. The only part that undo records. */
  readonly document: FlowDocument;
  readonly selectedNodeIds: ReadonlySet<string>;
  readonly selectedEdgeIds: ReadonlySet<string>;
  /** Loops and groups that are drawn as one box: ids, and `groupKey`s. Not kept with the flow. */
  readonly foldedIds: ReadonlySet<string>;
  /** The note whose text, or the group whose title, is being written. */
  readonly editedNoteId: string | null;
  /** Places of the nodes being dragged; committed as one operation when they are dropped. */
  readonly dragged: Readonly<Record<string, Position>> | null;
  /** Where what is being dragged stands in line with others. */
  readonly snapLines: readonly SnapLine[];
  /** The loop that what is being dragged, from the canvas or from the palette, would go into. */
  readonly dropLoopId: string | null;
  readonly faults: readonly Fault[];
  readonly faultsByNode: ReadonlyMap<string, readonly Fault[]>;
  readonly picker: PickerRequest | null;
  /**
   * The setting to scroll to and focus, as a pointer into the node: `/config/url`, or empty for the first one. Without a
   * node, a pointer into the flow: `/settings/onFailure`.
   */
  readonly fieldToOpen: { readonly nodeId: string; readonly pointer: string } | null;
  readonly isInspectorOpen: boolean;
  readonly isHelpOpen: boolean;
  readonly view: EditorView;
  readonly dialog: EditorDialog | null;
  /** The run of the draft, or of a part of it, whose steps the canvas shows. */
  readonly shownRunId: string | null;
  /** What the tests of the flow took, while the canvas shows that. */
  readonly coverage: Coverage | null;
  readonly areTestsOpen: boolean;
  /** The wait for the next event, while there is one. */
  readonly captureId: string | null;
  /** The event that came of it: the test data until a run is shown. */
  readonly captured: CapturedEvent | null;
  /** The set of pins that is shown, edited and offered for test runs. */
  readonly pinSet: string;
  /** What the dialog of test runs, when it is opened, carries out. */
  readonly runPart: RunPart;
  /** Said politely to screen readers; `serial` makes the same words be said again. */
  readonly announcement: { readonly text: string; readonly serial: number };
}

type Recorded = Pick<EditorState, 'document'>;

export type EditorStore = StoreApi<EditorState> & {
  readonly temporal: StoreApi<TemporalState<Recorded>>;
  readonly catalog: Catalog;
  readonly isReadOnly: boolean;
  /**
   * Applies operations as one step of undo: all of them or none. False when one is refused; the reason is shown through
   * `onRefused`, and the document stays as it was.
   */
  apply(operations: FlowOperation | readonly FlowOperation[], options?: ApplyOptions): boolean;
  select(nodeIds: Iterable<string>, edgeIds?: Iterable<string>): void;
  announce(text: string): void;
  undo(): void;
  redo(): void;
  /** Puts in another document as one step of undo, whatever the difference. */
  swapDocument(document: FlowDocument): void;
  /** Puts in a document that was merged or chosen elsewhere; `rewrite` brings each remembered step along. */
  replaceDocument(document: FlowDocument, rewrite?: (remembered: FlowDocument) => FlowDocument | null): void;
};

export interface EditorStoreOptions {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
  readonly isReadOnly?: boolean;
  /** Default false. */
  readonly isInspectorOpen?: boolean;
  /** The node to begin with; ignored when the document has none of that id. */
  readonly selectedNodeId?: string | null;
  /** Default `canvas`. */
  readonly view?: EditorView;
  /** The run whose data the editor begins with. Default none. */
  readonly shownRunId?: string | null;
  /** Shows why an edit was refused. */
  readonly onRefused: (message: string) => void;
  /** Milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

const UNDO_LIMIT = 100;

/** The state of one open editor. Independent of React, so that tests drive it directly. */
export function createEditorStore(options: EditorStoreOptions): EditorStore {
  const steps = createUndoSteps(options.now ?? Date.now);
  const store = createStore<EditorState>()(
    temporal(() => initialState(options), {
      limit: UNDO_LIMIT,
      partialize: ({ document }): Recorded => ({ document }),
      equality: (past, current) => past.document === current.document,
      handleSet: (record) => steps.wrap(record),
    }),
  );

  const announce = (text: string) => {
    store.setState(({ announcement }) => ({ announcement: { text, serial: announcement.serial + 1 } }));
  };
  const travel = (direction: 'undo' | 'redo') => {
    const history = store.temporal.getState();
    if (history[direction === 'undo' ? 'pastStates' : 'futureStates'].length === 0) return;
    steps.cut();
    history[direction]();
    store.setState(keepExisting);
    announce(direction === 'undo' ? 'Undone' : 'Redone');
  };

  return Object.assign(store, {
    catalog: options.catalog,
    isReadOnly: options.isReadOnly ?? false,
    announce,
    undo: () => travel('undo'),
    redo: () => travel('redo'),
    select(nodeIds: Iterable<string>, edgeIds: Iterable<string> = []) {
      const selectedNodeIds = new Set(nodeIds);
      store.setState(({ document, foldedIds }) => ({
        selectedNodeIds,
        selectedEdgeIds: new Set(edgeIds),
        foldedIds: unfoldAround(document, foldedIds, selectedNodeIds),
      }));
    },
    apply(operations: FlowOperation | readonly FlowOperation[], { mergeKey, say }: ApplyOptions = {}) {
      if (options.isReadOnly) return false;
      const list = 'kind' in operations ? [operations] : operations;
      const result = applyAll(store.getState().document, list, options.catalog);
      if (!result.ok) {
        options.onRefused(result.message);
        return false;
      }
      steps.begin(mergeKey);
      store.setState((state) => keepExisting({ ...state, document: result.document }));
      if (say) announce(say);
      return true;
    },
    swapDocument(document: FlowDocument) {
      steps.begin(undefined);
      store.setState((state) => keepExisting({ ...state, document }));
    },
    replaceDocument(document: FlowDocument, rewrite?: (remembered: FlowDocument) => FlowDocument | null) {
      const history = store.temporal.getState();
      history.pause();
      store.setState((state) => keepExisting({ ...state, document }));
      history.resume();
      steps.cut();
      store.temporal.setState(({ pastStates, futureStates }) => ({
        pastStates: rewriteSteps(pastStates, rewrite),
        futureStates: rewriteSteps(futureStates, rewrite),
      }));
    },
  });
}

function initialState({
  document,
  isInspectorOpen = false,
  selectedNodeId,
  view = 'canvas',
  shownRunId = null,
}: EditorStoreOptions): EditorState {
  const selected = document.nodes.filter(({ id }) => id === selectedNodeId);
  return {
    document,
    selectedNodeIds: new Set(selected.map(({ id }) => id)),
    selectedEdgeIds: new Set(),
    foldedIds: new Set(),
    editedNoteId: null,
    dragged: null,
    snapLines: [],
    dropLoopId: null,
    faults: [],
    faultsByNode: new Map(),
    picker: null,
    fieldToOpen: null,
    isInspectorOpen,
    isHelpOpen: false,
    view,
    dialog: null,
    shownRunId,
    coverage: null,
    areTestsOpen: false,
    captureId: null,
    captured: null,
    pinSet: DEFAULT_SET,
    runPart: ALL_OF_IT,
    announcement: { text: '', serial: 0 },
  };
}

function applyAll(
  document: FlowDocument,
  operations: readonly FlowOperation[],
  catalog: Catalog,
): { ok: true; document: FlowDocument } | { ok: false; message: string } {
  let current = document;
  for (const operation of operations) {
    const applied = applyOperation(current, operation, catalog);
    if (!applied.ok)
      return { ok: false, message: applied.faults[0]?.message ?? 'This edit does not fit the flow.' };
    current = applied.flow;
  }
  return { ok: true, document: current };
}

/** Selected nodes and edges that are gone are no longer selected. */
function keepExisting(state: EditorState): EditorState {
  const nodeIds = new Set(state.document.nodes.map((node) => node.id));
  const edgeIds = new Set(state.document.edges.map(edgeId));
  return {
    ...state,
    selectedNodeIds: keep(state.selectedNodeIds, nodeIds),
    selectedEdgeIds: keep(state.selectedEdgeIds, edgeIds),
  };
}

function keep(selected: ReadonlySet<string>, existing: ReadonlySet<string>): ReadonlySet<string> {
  return [...selected].every((id) => existing.has(id))
    ? selected
    : new Set([...selected].filter((id) => existing.has(id)));
}

/** Remembered steps nearest to now come last; those beyond the first that cannot be brought along are forgotten. */
function rewriteSteps(
  remembered: readonly Partial<Recorded>[],
  rewrite?: (document: FlowDocument) => FlowDocument | null,
): Partial<Recorded>[] {
  const kept: Partial<Recorded>[] = [];
  for (const { document } of remembered.toReversed()) {
    const rewritten = document && rewrite ? rewrite(document) : null;
    if (!rewritten) break;
    kept.unshift({ document: rewritten });
  }
  return kept;
}
