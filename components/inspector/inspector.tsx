'use client';

import './inspector.css';

import { memo, useRef, useState } from 'react';

import { useEditor } from '#components/canvas/editor-context.tsx';

import { FlowInspector } from './flow-inspector.tsx';
import { NodeInspector } from './node-inspector.tsx';
import { SelectionInspector } from './selection-inspector.tsx';
import { useFieldToOpen } from './use-field-to-open.ts';
import type { SampleSource } from './use-scope.ts';

/** The right panel: the selected node, the selection, or the flow. */
export const Inspector = memo(function Inspector() {
  const panel = useRef<HTMLDivElement>(null);
  const selected = useEditor((state) => state.selectedNodeIds);
  const [only] = selected;
  const node = useEditor((state) => state.document.nodes.find((candidate) => candidate.id === only));
  const [samples, setSamples] = useState<SampleSource>('newest');
  useFieldToOpen(panel);
  return (
    <div ref={panel} className="flex h-full min-h-0 flex-col">
      {selected.size > 1 && <SelectionInspector count={selected.size} />}
      {selected.size <= 1 && node && (
        <NodeInspector key={node.id} node={node} samples={samples} onSamplesChange={setSamples} />
      )}
      {selected.size <= 1 && !node && <FlowInspector />}
    </div>
  );
});
