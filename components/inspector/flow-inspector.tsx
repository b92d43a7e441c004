'use client';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { nodeFaults } from './node-fault.ts';
import { NumberSetting } from './number-setting.tsx';
import { plainField } from './plain-field.ts';
import { SettingProvider } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';

/** What is shown while no node is selected: the flow itself. */
export function FlowInspector() {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const faults = useEditor((state) => state.faults);
  const settings = { faults: nodeFaults(faults), scope: {}, isReadOnly: store.isReadOnly };
  return (
    <SettingProvider value={settings}>
      <div className="border-b border-border px-4 py-3 pr-12">
        <h2 className="text-sm font-semibold">This flow</h2>
        <p className="text-xs text-muted-foreground">
          {document.nodes.length} {document.nodes.length === 1 ? 'node' : 'nodes'}, {document.edges.length}{' '}
          {document.edges.length === 1 ? 'edge' : 'edges'}
        </p>
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
        <SettingFrame title="Description" place="/description" isOptional>
          {(ids) => (
            <Textarea
              aria-labelledby={ids.labelledBy}
              rows={4}
              maxLength={10_000}
              readOnly={store.isReadOnly}
              value={document.description}
              placeholder="What it is for, and whom to ask."
              onChange={(event) =>
                store.apply(
                  { kind: 'describe_flow', description: event.target.value },
                  { mergeKey: 'description' },
                )
              }
            />
          )}
        </SettingFrame>
        <SettingFrame
          title="Time limit of a run (seconds)"
          place="/settings/timeoutSeconds"
          isOptional
          help="A run that takes longer is failed."
        >
          {(ids) => (
            <NumberSetting
              field={plainField('timeoutSeconds', 'number', 'No limit')}
              value={document.settings.timeoutSeconds}
              place="/settings/timeoutSeconds"
              ids={ids}
              onChange={(value) => {
                const timeoutSeconds = typeof value === 'number' ? value : undefined;
                store.apply(
                  { kind: 'set_settings', settings: { ...document.settings, timeoutSeconds } },
                  { mergeKey: 'settings timeout' },
                );
              }}
            />
          )}
        </SettingFrame>
        <p className="text-xs text-subtle-foreground">Select a node to see its settings.</p>
      </div>
    </SettingProvider>
  );
}
