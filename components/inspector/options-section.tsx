'use client';

import { memo } from 'react';

import { CopyButton } from '#components/ui/copy-button.tsx';
import { Select } from '#components/ui/select.tsx';
import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import type { FlowNode } from '#core/flow-document.ts';
import { incomingEdges } from '#core/graph.ts';
import type { NodeOptions } from '#core/flow-operation.ts';

import { NumberSetting } from './number-setting.tsx';
import { RetryOptions } from './retry-options.tsx';
import { Section } from './section.tsx';
import { useSettings } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';
import { plainField } from './plain-field.ts';
import { UndoOption } from './undo-option.tsx';

/** What a node has besides its settings: how often it is tried, how long it may take, what an error does. */
export const OptionsSection = memo(function OptionsSection({ node }: { node: FlowNode }) {
  const store = useEditorStore();
  const type = store.catalog(node.type, node.version);
  const inputCount = useEditor((state) => incomingEdges(state.document, node.id).length);
  const set = (options: NodeOptions) => {
    const mergeKey = `options ${node.id} ${Object.keys(options).join()}`;
    store.apply({ kind: 'set_options', nodeId: node.id, options }, { mergeKey });
  };
  const effect = type?.effect(node.config) ?? 'pure';
  const isAction = type?.kind !== 'trigger';
  return (
    <Section title="Options" aside={optionsInWords(node)}>
      {isAction && (
        <>
          <ErrorOption node={node} set={set} />
          {effect !== 'pure' && <RetryOptions node={node} set={set} />}
          {effect !== 'pure' && (
            <SettingFrame
              title="Time limit (seconds)"
              place="/timeoutSeconds"
              isOptional
              help="For each attempt. Default: 30."
            >
              {(ids) => (
                <NumberSetting
                  field={plainField('timeoutSeconds', 'number', '30')}
                  value={node.timeoutSeconds}
                  place="/timeoutSeconds"
                  ids={ids}
                  onChange={(value) => set({ timeoutSeconds: typeof value === 'number' ? value : undefined })}
                />
              )}
            </SettingFrame>
          )}
          {inputCount > 1 && <JoinOption node={node} set={set} />}
          {effect !== 'pure' && <EffectOption node={node} set={set} standard={effect} />}
          <UndoOption node={node} />
        </>
      )}
      <SettingFrame
        title="Id"
        place="/id"
        help={`Expressions read this step as steps.${node.id}. It never changes.`}
        aside={<CopyButton text={node.id} label="Copy id" />}
      >
        {() => <code className="truncate font-mono text-xs text-muted-foreground">{node.id}</code>}
      </SettingFrame>
    </Section>
  );
});

interface OptionProps {
  readonly node: FlowNode;
  readonly set: (options: NodeOptions) => void;
}

function ErrorOption({ node, set }: OptionProps) {
  const { isReadOnly } = useSettings();
  return (
    <SettingFrame title="When it fails" place="/onError">
      {() => (
        <Select
          aria-label="When it fails"
          disabled={isReadOnly}
          options={[
            { value: 'fail', label: 'Fail the run', hint: 'The run becomes a dead letter.' },
            { value: 'continue', label: 'Go on', hint: 'The output is { "error": … }.' },
            { value: 'branch', label: 'Take another way', hint: 'Adds the port “error”.' },
          ]}
          value={node.onError ?? 'fail'}
          onValueChange={(value) => set({ onError: value === 'fail' ? undefined : value })}
        />
      )}
    </SettingFrame>
  );
}

function JoinOption({ node, set }: OptionProps) {
  const { isReadOnly } = useSettings();
  return (
    <SettingFrame title="Several inputs" place="/join">
      {() => (
        <Select
          aria-label="Several inputs"
          disabled={isReadOnly}
          options={[
            { value: 'all', label: 'Wait for all', hint: 'Until each was reached, or cannot be any more.' },
            { value: 'any', label: 'Go on with the first' },
          ]}
          value={node.join ?? 'all'}
          onValueChange={(value) => set({ join: value === 'all' ? undefined : value })}
        />
      )}
    </SettingFrame>
  );
}

const EFFECT_WORDS = {
  read: 'Reads only',
  keyed: 'Changes something, safe to repeat',
  once: 'Changes something, never repeat',
} as const;

function EffectOption({ node, set, standard }: OptionProps & { standard: keyof typeof EFFECT_WORDS }) {
  const { isReadOnly } = useSettings();
  return (
    <SettingFrame
      title="After a crash in the middle"
      place="/effect"
      help="Calls that are safe to repeat carry the same Idempotency-Key each time. The others stop in doubt, for a person to settle."
    >
      {() => (
        <Select
          aria-label="After a crash in the middle"
          disabled={isReadOnly}
          options={[
            { value: 'default', label: `Default: ${EFFECT_WORDS[standard].toLowerCase()}` },
            { value: 'read', label: EFFECT_WORDS.read, hint: 'Repeat it.' },
            { value: 'keyed', label: EFFECT_WORDS.keyed, hint: 'Repeat it with the same key.' },
            { value: 'once', label: EFFECT_WORDS.once, hint: 'Stop in doubt.' },
          ]}
          value={node.effect ?? 'default'}
          onValueChange={(value) => set({ effect: value === 'default' ? undefined : value })}
        />
      )}
    </SettingFrame>
  );
}

function optionsInWords(node: FlowNode): string | undefined {
  const set = [
    node.onError === 'continue' && 'goes on after errors',
    node.onError === 'branch' && 'error port',
    node.retry && `${node.retry.attempts} ${node.retry.attempts === 1 ? 'attempt' : 'attempts'}`,
    node.timeoutSeconds !== undefined && `${node.timeoutSeconds} s`,
    node.compensate !== undefined && 'undone on failure',
  ].filter((word) => typeof word === 'string');
  return set.length > 0 ? set.join(', ') : undefined;
}
