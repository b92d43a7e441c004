'use client';

import { memo, useDeferredValue, useMemo } from 'react';

import { nodeLook } from '#components/canvas/node-look.ts';
import { OptionIcon } from '#components/canvas/picker-options.tsx';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { NodeTestSection } from '#components/flow-tests/node-test-section.tsx';
import { Input } from '#components/ui/input.tsx';
import { findOperation } from '#connectors/definitions.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { Fault } from '#core/fault.ts';
import type { Json } from '#core/json.ts';

import { ActiveFieldProvider } from './active-field.tsx';
import { AppEventsNote } from './app-events-note.tsx';
import { ConnectionSetting } from './connection-setting.tsx';
import { DataPanel } from './data-panel.tsx';
import { EdgesSection } from './edges-section.tsx';
import { formFields, shownFields } from './form-model.ts';
import type { FormField } from './form-model.ts';
import { nodeFaults } from './node-fault.ts';
import { OptionsSection } from './options-section.tsx';
import { Section } from './section.tsx';
import { Setting } from './setting.tsx';
import { SettingProvider } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';
import { useScope } from './use-scope.ts';
import type { SampleSource } from './use-scope.ts';
import { useSurroundings } from './use-surroundings.ts';

const NO_FAULTS: readonly Fault[] = [];

export interface NodeInspectorProps {
  readonly node: FlowNode;
  /** Where the example data comes from. */
  readonly samples: SampleSource;
  readonly onSamplesChange: (samples: SampleSource) => void;
}

/** Everything about one node: its name, settings, options, edges, and the data it can use. */
export function NodeInspector({ node, samples, onSamplesChange }: NodeInspectorProps) {
  const store = useEditorStore();
  const faults = useEditor((state) => state.faultsByNode.get(node.id) ?? NO_FAULTS);
  const surroundings = useSurroundings(node.id);
  // What is typed comes first; what only shows it may come a moment after.
  const settled = useDeferredValue(node);
  const { scope, recorded, run } = useScope(node.id, samples);
  const isTrigger = nodeLook(node).tint === 'trigger';
  const pills = useMemo(
    () =>
      scope && !isTrigger
        ? { document: surroundings, catalog: store.catalog, scope: { ...scope }, recorded }
        : undefined,
    [scope, recorded, surroundings, isTrigger, store],
  );
  const settings = useMemo(
    () => ({
      faults: nodeFaults(faults),
      scope: { ...scope },
      pills,
      isReadOnly: store.isReadOnly,
    }),
    [faults, scope, pills, store],
  );
  return (
    <SettingProvider value={settings} node={node}>
      <ActiveFieldProvider>
        <NodeTitle node={node} />
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
          <NodeSettings node={node} />
          <NodeTestSection node={settled} />
          <OptionsSection node={settled} />
          <EdgesSection node={settled} />
        </div>
        {pills && (
          // Stays in sight beside the settings, so that data can be dragged into each.
          <div className="max-h-[45%] shrink-0 overflow-y-auto overscroll-contain">
            <DataPanel facts={pills} run={run} samples={samples} onSamplesChange={onSamplesChange} />
          </div>
        )}
      </ActiveFieldProvider>
    </SettingProvider>
  );
}

function NodeTitle({ node }: { node: FlowNode }) {
  const store = useEditorStore();
  const look = nodeLook(node);
  const rename = (label: string) => {
    const options = { label: label === '' ? undefined : label };
    store.apply({ kind: 'set_options', nodeId: node.id, options }, { mergeKey: `label ${node.id}` });
  };
  return (
    <div className="flex items-center gap-2.5 border-b border-border px-4 py-3 pr-12" data-place="/label">
      <OptionIcon type={node.type} version={node.version} />
      <div className="flex min-w-0 flex-1 flex-col">
        <Input
          aria-label="Name of the node"
          className="h-7 border-transparent bg-transparent px-1 font-semibold shadow-none hover:border-border-strong"
          value={node.label ?? ''}
          placeholder={look.label}
          maxLength={200}
          readOnly={store.isReadOnly}
          onChange={(event) => rename(event.target.value)}
        />
        <span className="truncate px-1 text-xs text-muted-foreground">{node.type}</span>
      </div>
    </div>
  );
}

function NodeSettings({ node }: { node: FlowNode }) {
  const found = findOperation(node.type, node.version);
  const fields = useMemo(() => (found ? formFields(found.operation.input) : []), [found]);
  if (!found) {
    return (
      <div className="p-4">
        <SettingFrame title="Unknown type" place="/type">
          {() => (
            <p className="text-sm text-muted-foreground">
              This installation has no {node.type}, version {node.version}.
            </p>
          )}
        </SettingFrame>
      </div>
    );
  }
  const shown = shownFields(fields, node.config);
  const advanced = shown.filter((field) => field.isAdvanced);
  return (
    <>
      <div className="flex flex-col gap-4 p-4">
        <p className="text-xs leading-4 text-muted-foreground">
          {[found.operation.summary, found.operation.note].filter(Boolean).join(' ')}
        </p>
        <AppEventsNote node={node} />
        <ConnectionSetting node={node} />
        {shown
          .filter((field) => !field.isAdvanced)
          .map((field) => (
            <ConfigSetting key={field.name} nodeId={node.id} field={field} value={node.config[field.name]} />
          ))}
        {/* Faults that belong to no single setting. */}
        <SettingFaults />
      </div>
      {advanced.length > 0 && (
        <Section title="More settings" aside={setCount(node, advanced)}>
          {advanced.map((field) => (
            <ConfigSetting key={field.name} nodeId={node.id} field={field} value={node.config[field.name]} />
          ))}
        </Section>
      )}
    </>
  );
}

function SettingFaults() {
  return (
    <div className="contents [&_[data-place='']>div:first-child]:hidden [&_[data-place='']:not(:has(p))]:hidden">
      <SettingFrame title="Node" place="">
        {() => null}
      </SettingFrame>
    </div>
  );
}

interface ConfigSettingProps {
  readonly nodeId: string;
  readonly field: FormField;
  readonly value: Json | undefined;
}

/** While one setting is typed into, the others stay as they are drawn. */
const ConfigSetting = memo(function ConfigSetting({ nodeId, field, value }: ConfigSettingProps) {
  const store = useEditorStore();
  return (
    <Setting
      field={field}
      value={value}
      place={`/config/${field.name}`}
      onChange={(next) =>
        store.apply(
          { kind: 'set_config', nodeId, path: [field.name], value: next },
          { mergeKey: `config ${nodeId} ${field.name}` },
        )
      }
    />
  );
});

function setCount(node: FlowNode, fields: readonly FormField[]): string | undefined {
  const count = fields.filter((field) => node.config[field.name] !== undefined).length;
  return count > 0 ? `${count} set` : undefined;
}
