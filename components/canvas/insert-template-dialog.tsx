'use client';

import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';

import { filterTemplates } from '#components/templates/filter-templates.ts';
import { layOut } from '#components/templates/lay-out.ts';
import { templateText } from '#components/templates/template-text.ts';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import type { FlowDocument } from '#core/flow-document.ts';
import { TEMPLATES } from '#core/templates/templates.ts';

import { useEditor, useEditorStore } from './editor-context.tsx';
import type { EditorStore } from './editor-store.ts';
import { nodeBoxes } from './node-place.ts';
import { ROW_GAP } from './node-size.ts';
import { PickerList } from './picker-list.tsx';
import { insertFragment } from './selection-actions.ts';
import { FIT_VIEW, zoomMs } from './view-moves.ts';

/** Those that stand alone: the others start flows of their own, which only the gallery makes. */
const INSERTABLE = TEMPLATES.filter(({ helpers }) => helpers.length === 0).map((template) => ({
  ...template,
  text: templateText(template),
}));

/** Adds the nodes of a template below those of the open flow, as one step of undo. */
export function InsertTemplateDialog() {
  const store = useEditorStore();
  const isOpen = useEditor((state) => state.dialog === 'template');
  const { fitView } = useReactFlow();
  const [query, setQuery] = useState('');
  const close = (): void => {
    store.setState({ dialog: null });
    setQuery('');
  };
  const insert = async (document: FlowDocument): Promise<void> => {
    const { nodes, edges } = await layOut(document);
    insertFragment(store, { nodes, edges }, placeBelow(store));
    await fitView({ ...FIT_VIEW, duration: zoomMs() });
  };
  return (
    <Dialog open={isOpen} onOpenChange={(open) => !open && close()}>
      <DialogContent
        title="Insert a template"
        description="Its nodes come into this flow, without its trigger when there is one."
      >
        <div className="mt-3 border-t border-border">
          <PickerList
            label="Templates"
            placeholder="Search templates…"
            query={query}
            onQueryChange={setQuery}
            options={filterTemplates(INSERTABLE, { search: query, tag: null }).map(({ flow, summary }) => ({
              id: flow.slug,
              label: flow.name,
              hint: summary,
            }))}
            emptyText="No template matches."
            onClose={close}
            onChoose={(id) => {
              const template = INSERTABLE.find(({ flow }) => flow.slug === id);
              close();
              if (template) void insert(template.flow);
            }}
          />
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** Left-aligned below all that is there. */
function placeBelow(store: EditorStore): { x: number; y: number } {
  const boxes = [...nodeBoxes(store.getState().document, store.catalog).values()];
  if (boxes.length === 0) return { x: 0, y: 0 };
  return {
    x: Math.min(...boxes.map(({ x }) => x)),
    y: Math.max(...boxes.map(({ y, height }) => y + height)) + 3 * ROW_GAP,
  };
}
