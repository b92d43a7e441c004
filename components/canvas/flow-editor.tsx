'use client';

import { useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';

import { queryKeys } from '#components/api/query-keys.ts';
import { CaptureWatch } from '#components/flow-tests/capture-watch.tsx';
import { FlowTestsPanel } from '#components/flow-tests/flow-tests-panel.tsx';
import { ShownRunBar } from '#components/flow-tests/shown-run-bar.tsx';
import { Inspector } from '#components/inspector/inspector.tsx';
import { loadCodeField } from '#components/inspector/lazy-code-field.tsx';
import { FlowLive } from '#components/presence/flow-live.tsx';
import { toast } from '#components/ui/toast.tsx';
import { catalog } from '#connectors/definitions.ts';

import type { CopyOwner } from './draft-copy.ts';
import type { SaveState, StoredDraft } from './draft-saver.ts';
import { EditCanvas } from './edit-canvas.tsx';
import { EditorCommands } from './editor-commands.tsx';
import { EditorProvider, useEditor, useEditorStore } from './editor-context.tsx';
import { createEditorStore } from './editor-store.ts';
import { FirstFlowGuide } from './first-flow-guide.tsx';
import { FlowHeader } from './flow-header.tsx';
import { focusCanvas } from './focus-region.ts';
import { LiveRegion } from './live-region.tsx';
import { Palette } from './palette.tsx';
import type { OpenedDraft } from './open-draft.ts';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { SidePanel } from './side-panel.tsx';
import { startingView, useEditorView } from './use-editor-view.ts';
import { useDraftSaver } from './use-draft-saver.ts';
import { loadLayout } from './tidy-layout.ts';
import { startsWithInspector, useEditorPanels } from './use-editor-panels.ts';
import { watchFaults } from './watch-faults.ts';

// Only the way here from a template needs it, and it brings all templates with it.
const TemplateGuide = dynamic(
  async () => (await import('#components/templates/template-guide.tsx')).TemplateGuide,
);

const InsertTemplateDialog = dynamic(
  async () => (await import('./insert-template-dialog.tsx')).InsertTemplateDialog,
  { ssr: false },
);

// Many never open it.
const OutlineView = dynamic(async () => (await import('#components/outline/outline-view.tsx')).OutlineView, {
  ssr: false,
});

export interface FlowEditorProps {
  readonly draft: OpenedDraft;
  /** Whose unsaved edits are kept in this browser. */
  readonly owner: CopyOwner;
  readonly isReadOnly: boolean;
}

/** The whole editor of one flow: header, palette, canvas, inspector, and the saving of what is done in them. */
export function FlowEditor({ draft, owner, isReadOnly }: FlowEditorProps) {
  const [store] = useState(() => {
    // The way here from a step that failed names its node.
    const parameters = new URLSearchParams(window.location.search);
    const selectedNodeId = parameters.get('node');
    const field = parameters.get('field');
    const created = createEditorStore({
      document: draft.document,
      catalog,
      isReadOnly,
      isInspectorOpen: startsWithInspector() || draft.document.nodes.some(({ id }) => id === selectedNodeId),
      selectedNodeId,
      view: startingView(),
      shownRunId: parameters.get('run'),
      onRefused: (message) => toast.error(message),
    });
    // The way here from a change in what the flow gets names the setting, too; one of the flow itself has no node.
    if (field !== null)
      created.setState({
        isInspectorOpen: true,
        fieldToOpen: { nodeId: selectedNodeId ?? '', pointer: field },
      });
    return created;
  });
  useEffect(() => watchFaults(store), [store]);
  useEffect(() => {
    if (!draft.hasLeftEdits) return undefined;
    // After this turn: on a fresh page the place for toasts is mounted after the editor.
    const timer = setTimeout(() => toast.info('Edits that were not saved on your last visit are back.'));
    return () => clearTimeout(timer);
  }, [draft]);
  return (
    <EditorProvider store={store}>
      <EditorFrame stored={draft.stored} owner={owner} />
      <EditorCommands />
      {!isReadOnly && <InsertTemplateDialog />}
      <ShortcutSheet />
      <LiveRegion />
    </EditorProvider>
  );
}

function EditorFrame({ stored, owner }: { stored: StoredDraft; owner: CopyOwner }) {
  const store = useEditorStore();
  const saving = useDraftSaver(store, { stored, owner });
  const panels = useEditorPanels();
  const view = useEditorView();
  const areTestsOpen = useEditor((state) => state.areTestsOpen);
  const templateId = useSearchParams().get('template');
  useFreshSummary(store.getState().document.slug, saving.state.kind);
  useEffect(() => {
    focusCanvas();
    void loadCodeField();
    void loadLayout();
  }, []);
  return (
    <FlowLive saver={saving.saver}>
      <CaptureWatch />
      <div className="flex min-h-0 flex-1 flex-col overflow-hidden">
        <FlowHeader
          saving={saving}
          onTogglePalette={() => panels.openPalette(!panels.isPaletteOpen)}
          onToggleInspector={() => panels.openInspector(!panels.isInspectorOpen)}
        />
        {templateId !== null && !store.isReadOnly && <TemplateGuide templateId={templateId} />}
        {templateId === null && !store.isReadOnly && <FirstFlowGuide />}
        <div className="flex min-h-0 flex-1">
          {!store.isReadOnly && (
            <SidePanel
              side="left"
              label="Nodes"
              region="palette"
              className="w-56"
              isDrawer={panels.areDrawers}
              isOpen={panels.isPaletteOpen}
              onClose={() => panels.openPalette(false)}
            >
              <Palette onAdded={panels.closePaletteDrawer} />
            </SidePanel>
          )}
          <div className="flex min-w-0 flex-1 flex-col">
            <ShownRunBar />
            <div className="min-h-0 flex-1">{view === 'canvas' ? <EditCanvas /> : <OutlineView />}</div>
          </div>
          <SidePanel
            side="right"
            label="Settings"
            region="inspector"
            className="w-88"
            isDrawer={panels.areDrawers}
            isOpen={panels.isInspectorOpen && !areTestsOpen}
            onClose={() => {
              panels.openInspector(false);
              focusCanvas();
            }}
          >
            <Inspector />
          </SidePanel>
          <SidePanel
            side="right"
            label="Tests"
            region="tests"
            className="w-88"
            isDrawer={panels.areDrawers}
            isOpen={areTestsOpen}
            onClose={() => {
              store.setState({ areTestsOpen: false, coverage: null });
              focusCanvas();
            }}
          >
            <FlowTestsPanel saver={saving.saver} />
          </SidePanel>
        </div>
      </div>
    </FlowLive>
  );
}

/** What the header says of the published version depends on the draft: read it anew after each save. */
function useFreshSummary(slug: string, state: SaveState['kind']): void {
  const client = useQueryClient();
  useEffect(() => {
    if (state === 'saved') void client.invalidateQueries({ queryKey: [...queryKeys.flow(slug), 'summary'] });
  }, [client, slug, state]);
}
