'use client';

import { useReactFlow } from '@xyflow/react';

import { Button } from '#components/ui/button.tsx';
import { Kbd } from '#components/ui/kbd.tsx';

import { centreOfCanvas } from './canvas-centre.ts';
import { addNode } from './edit-actions.ts';
import { useEditorStore } from './editor-context.tsx';
import { nodeLook } from './node-look.ts';
import { OperationIcon } from './operation-icon.tsx';
import { PICKER_ITEMS, TRIGGERS } from './picker-items.ts';
import { useRevealNode } from './use-reveal-node.ts';

const STARTS = PICKER_ITEMS.filter(({ group }) => group === TRIGGERS);

/** What an empty canvas says: what starts the flow is the first thing to choose. `addKey` opens the search. */
export function EmptyCanvas({ addKey = 'Tab' }: { addKey?: string }) {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const reveal = useRevealNode();
  if (store.isReadOnly) return null;
  return (
    <div className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center p-4">
      <div className="pointer-events-auto flex max-w-md flex-col items-center gap-4 text-center">
        <div>
          <h2 className="text-lg font-semibold">What starts this flow?</h2>
          <p className="mt-1 text-sm text-muted-foreground">
            Every flow begins with a trigger, one of these or one of an app. You can change it later.
          </p>
        </div>
        <div className="flex flex-wrap justify-center gap-2">
          {STARTS.map((item) => (
            <Button
              key={item.type}
              size="lg"
              title={item.summary}
              onClick={() => {
                const added = addNode(store, item, {
                  kind: 'at',
                  position: centreOfCanvas(screenToFlowPosition),
                });
                if (added !== undefined) reveal(added);
              }}
            >
              <OperationIcon name={nodeLook(item).icon} mark={nodeLook(item).mark} />
              {item.label}
            </Button>
          ))}
        </div>
        <p className="flex items-center gap-1.5 text-xs text-subtle-foreground max-md:hidden">
          Drag from the palette, or press <Kbd keys={[addKey]} /> to search and <Kbd keys={['?']} /> for all
          keys
        </p>
      </div>
    </div>
  );
}
