'use client';

import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef, useState } from 'react';

import { useEditor, useEditorStore } from './editor-context.tsx';
import type { EditorStore, PickerRequest } from './editor-store.ts';
import { focusCanvas } from './focus-region.ts';
import { PickerList } from './picker-list.tsx';
import { pickerOptions } from './picker-options.tsx';
import { pickerPlace } from './picker-place.ts';
import { pickerStep } from './picker-steps.ts';
import { pickerTarget } from './picker-target.ts';
import { centreOfCanvas } from './canvas-centre.ts';
import { addNode, addOrReplaceTrigger, connectNodes } from './edit-actions.ts';
import type { AddTarget } from './edit-actions.ts';
import { PICKER_ITEMS } from './picker-items.ts';
import type { PickerItem } from './picker-items.ts';
import { replaceNode } from './replace-node.ts';
import { addUndo } from './undo-actions.ts';
import { useRevealNode } from './use-reveal-node.ts';

/** The list that Tab, a "+" or a dropped connection opens: what to add, from which port, or what to connect to. */
export function QuickPicker() {
  const request = useEditor((state) => state.picker);
  // A new request starts with an empty search and no port chosen.
  return request ? <OpenPicker key={JSON.stringify(request)} request={request} /> : null;
}

function OpenPicker({ request }: { request: PickerRequest }) {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const [query, setQuery] = useState('');
  const [port, setPort] = useState<string>();
  const { panelRef, place } = usePickerPlace(request);
  const choose = useChoose(request, port);
  const step = pickerStep(request, port, { document, catalog: store.catalog });
  const close = () => {
    store.setState({ picker: null });
    focusCanvas();
  };
  if (!step) return null;
  return (
    <div
      ref={panelRef}
      role="dialog"
      aria-label={step.title}
      className="nopan nodrag nowheel absolute z-20 w-80 max-w-[calc(100%-1rem)] overflow-hidden rounded-lg border border-border bg-raised shadow-popup"
      style={place}
    >
      <p className="truncate px-3 pt-2 text-xs font-medium text-muted-foreground">{step.title}</p>
      <PickerList
        key={step.kind}
        label={step.title}
        placeholder={step.kind === 'operation' ? 'Search nodes…' : 'Search…'}
        query={query}
        onQueryChange={setQuery}
        options={pickerOptions(step, query, { document, catalog: store.catalog })}
        emptyText={step.kind === 'target' ? 'No node can be connected here.' : 'Nothing found.'}
        onClose={close}
        onBack={port === undefined ? undefined : () => setPort(undefined)}
        onChoose={(id) => {
          setQuery('');
          if (step.kind === 'port') setPort(id);
          else choose(id);
        }}
      />
    </div>
  );
}

/** Carries the choice out and puts focus on the node that came of it. */
function useChoose(request: PickerRequest, port: string | undefined): (id: string) => void {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const reveal = useRevealNode();
  return (id) => {
    const target = pickerTarget(store, {
      request,
      port,
      centre: () => centreOfCanvas(screenToFlowPosition),
    });
    store.setState({ picker: null });
    if (!target) return;
    if (target.kind === 'connect') {
      if (connectNodes(store, { from: target.nodeId, port: target.port, to: id })) store.select([id]);
      reveal(id);
      return;
    }
    const item = PICKER_ITEMS.find((candidate) => candidate.type === id);
    if (!item) return;
    const added = carryOut(store, item, target);
    if (added === undefined) focusCanvas();
    else reveal(added);
  };
}

function carryOut(
  store: EditorStore,
  item: PickerItem,
  target:
    | AddTarget
    | { readonly kind: 'undo'; readonly nodeId: string }
    | { readonly kind: 'replace'; readonly nodeId: string },
): string | undefined {
  if (target.kind === 'undo') return addUndo(store, target.nodeId, item);
  if (target.kind === 'replace') return replaceNode(store, target.nodeId, item);
  return item.kind === 'trigger' ? addOrReplaceTrigger(store, item, target) : addNode(store, item, target);
}

function usePickerPlace(request: PickerRequest) {
  const store = useEditorStore();
  const flow = useReactFlow();
  const panelRef = useRef<HTMLDivElement>(null);
  const [place] = useState(() => pickerPlace(store, request, flow.flowToScreenPosition));
  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && panelRef.current?.contains(event.target)) return;
      store.setState({ picker: null });
    };
    document.addEventListener('pointerdown', onPointerDown, { capture: true });
    return () => document.removeEventListener('pointerdown', onPointerDown, { capture: true });
  }, [store]);
  return { panelRef, place };
}
