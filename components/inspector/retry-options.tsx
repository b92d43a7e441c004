'use client';

import { Switch } from '#components/ui/switch.tsx';
import type { FlowNode, RetryPolicy } from '#core/flow-document.ts';
import type { NodeOptions } from '#core/flow-operation.ts';
import type { Json } from '#core/json.ts';

import { NumberSetting } from './number-setting.tsx';
import { plainField } from './plain-field.ts';
import { useSettings } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';

const OWN_START: RetryPolicy = { attempts: 5, baseSeconds: 1, maxSeconds: 300 };

/** How often a failed attempt is repeated: the operation's own law, or numbers for this node. */
export function RetryOptions({ node, set }: { node: FlowNode; set: (options: NodeOptions) => void }) {
  const { isReadOnly } = useSettings();
  const { retry } = node;
  return (
    <>
      <SettingFrame
        title="Own retry rule"
        place="/retry"
        isInline
        help="Network faults, 408, 425, 429 and 5xx are tried again with growing pauses, and Retry-After is kept. The rest is not."
      >
        {(ids) => (
          <Switch
            aria-labelledby={ids.labelledBy}
            disabled={isReadOnly}
            checked={retry !== undefined}
            onCheckedChange={(isOn) => set({ retry: isOn ? OWN_START : undefined })}
          />
        )}
      </SettingFrame>
      {retry && (
        <div className="grid grid-cols-3 gap-2 border-l border-border pl-3">
          <RetryNumber
            title="Attempts"
            place="/retry/attempts"
            value={retry.attempts}
            onChange={(attempts) =>
              set({ retry: { ...retry, attempts: Math.max(1, Math.round(attempts ?? 1)) } })
            }
          />
          <RetryNumber
            title="First pause, s"
            place="/retry/baseSeconds"
            value={retry.baseSeconds}
            onChange={(baseSeconds) => set({ retry: { ...retry, baseSeconds } })}
          />
          <RetryNumber
            title="Longest, s"
            place="/retry/maxSeconds"
            value={retry.maxSeconds}
            onChange={(maxSeconds) => set({ retry: { ...retry, maxSeconds } })}
          />
        </div>
      )}
    </>
  );
}

interface RetryNumberProps {
  readonly title: string;
  readonly place: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

function RetryNumber({ title, place, value, onChange }: RetryNumberProps) {
  return (
    <SettingFrame title={title} place={place}>
      {(ids) => (
        <NumberSetting
          field={plainField(title, 'number')}
          value={value}
          place={place}
          ids={ids}
          onChange={(next: Json | undefined) => onChange(typeof next === 'number' ? next : undefined)}
        />
      )}
    </SettingFrame>
  );
}
