'use client';

import { useEffect, useState } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { FlowSettings } from '#core/flow-document.ts';

import { BusinessKeySettings } from './business-key-settings.tsx';
import { ConcurrencySettings } from './concurrency-settings.tsx';
import { FlowSetting } from './flow-setting.tsx';
import type { FlowSettingsProps } from './flow-settings-props.ts';
import { nodeFaults } from './node-fault.ts';
import { NumberSetting } from './number-setting.tsx';
import { plainField } from './plain-field.ts';
import { RateSettings } from './rate-settings.tsx';
import { sampleScope } from './sample-scope.ts';
import { SettingProvider } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';
import { useLastRun } from './use-scope.ts';

/** What is shown while no node is selected: the flow itself. */
export function FlowInspector() {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const faults = useEditor((state) => state.faults);
  const settings = {
    faults: nodeFaults(faults.filter((fault) => fault.nodeId === undefined)),
    scope: useTriggerScope(),
    isReadOnly: store.isReadOnly,
  };
  const set = (change: Partial<FlowSettings>) => {
    const merged = Object.entries({ ...document.settings, ...change });
    const next = Object.fromEntries(merged.filter(([, value]) => value !== undefined));
    store.apply(
      { kind: 'set_settings', settings: next },
      { mergeKey: `settings ${Object.keys(change).join()}` },
    );
  };
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
        <DescriptionSetting />
        <TimeLimitSetting settings={document.settings} set={set} />
        <BusinessKeySettings settings={document.settings} set={set} />
        <ConcurrencySettings settings={document.settings} set={set} />
        <RateSettings settings={document.settings} set={set} />
        <SettingFrame
          title="When a run fails, start"
          place="/settings/onFailure"
          isOptional
          help="A flow that begins with a manual start. It gets the run, its error and a link as its input."
        >
          {(ids) => (
            <FlowSetting
              field={{ ...plainField('onFailure', 'flow', 'No flow'), title: 'When a run fails, start' }}
              value={document.settings.onFailure}
              place="/settings/onFailure"
              except={document.slug}
              ids={ids}
              onChange={(value) => set({ onFailure: typeof value === 'string' ? value : undefined })}
            />
          )}
        </SettingFrame>
        <p className="text-xs text-subtle-foreground">Select a node to see its settings.</p>
      </div>
    </SettingProvider>
  );
}

function DescriptionSetting() {
  const store = useEditorStore();
  const description = useEditor((state) => state.document.description);
  return (
    <SettingFrame title="Description" place="/description" isOptional>
      {(ids) => (
        <Textarea
          aria-labelledby={ids.labelledBy}
          rows={3}
          maxLength={10_000}
          readOnly={store.isReadOnly}
          value={description}
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
  );
}

function TimeLimitSetting({ settings, set }: FlowSettingsProps) {
  return (
    <SettingFrame
      title="Time limit of a run (seconds)"
      place="/settings/timeoutSeconds"
      isOptional
      help="A run that takes longer is failed."
    >
      {(ids) => (
        <NumberSetting
          field={plainField('timeoutSeconds', 'number', 'No limit')}
          value={settings.timeoutSeconds}
          place="/settings/timeoutSeconds"
          ids={ids}
          onChange={(value) => set({ timeoutSeconds: typeof value === 'number' ? value : undefined })}
        />
      )}
    </SettingFrame>
  );
}

/** Before any step there is the trigger alone. */
function useTriggerScope() {
  const { catalog } = useEditorStore();
  const document = useEditor((state) => state.document);
  const captured = useEditor((state) => state.captured?.event ?? null);
  const { data: lastRun = null } = useLastRun(document);
  const trigger =
    document.nodes.find((node) => catalog(node.type, node.version)?.kind === 'trigger')?.id ?? '';
  const [scope, setScope] = useState({});
  useEffect(() => {
    let isCurrent = true;
    void sampleScope(trigger, { document, catalog, lastRun, captured }).then((next) => {
      if (isCurrent) setScope((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    });
    return () => {
      isCurrent = false;
    };
  }, [trigger, document, catalog, lastRun, captured]);
  return scope;
}
