'use client';

import { Switch } from '#components/ui/switch.tsx';
import type { FlowSettings } from '#core/flow-document.ts';

import type { FlowSettingsProps } from './flow-settings-props.ts';
import { NumberSetting } from './number-setting.tsx';
import { plainField } from './plain-field.ts';
import { useSettings } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';

const START: NonNullable<FlowSettings['rate']> = { runs: 10, seconds: 1 };

/** How many runs may start within a span of time. */
export function RateSettings({ settings, set }: FlowSettingsProps) {
  const { isReadOnly } = useSettings();
  const { rate } = settings;
  return (
    <>
      <SettingFrame
        title="Limit how often runs start"
        place="/settings/rate"
        isInline
        help={rate ? 'The others wait for their turn; none is lost.' : undefined}
      >
        {(ids) => (
          <Switch
            aria-labelledby={ids.labelledBy}
            disabled={isReadOnly}
            checked={rate !== undefined}
            onCheckedChange={(isOn) => set({ rate: isOn ? START : undefined })}
          />
        )}
      </SettingFrame>
      {rate && (
        <div className="grid grid-cols-2 gap-2 border-l border-border pl-3">
          <RateNumber
            title="Runs"
            name="runs"
            value={rate.runs}
            onChange={(runs) => set({ rate: { ...rate, runs } })}
          />
          <RateNumber
            title="Within (seconds)"
            name="seconds"
            value={rate.seconds}
            onChange={(seconds) => set({ rate: { ...rate, seconds } })}
          />
        </div>
      )}
    </>
  );
}

interface RateNumberProps {
  readonly title: string;
  readonly name: keyof typeof START;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function RateNumber({ title, name, value, onChange }: RateNumberProps) {
  const place = `/settings/rate/${name}`;
  return (
    <SettingFrame title={title} place={place}>
      {(ids) => (
        <NumberSetting
          field={plainField(title, 'number', String(START[name]))}
          value={value}
          place={place}
          ids={ids}
          onChange={(next) => onChange(typeof next === 'number' ? next : START[name])}
        />
      )}
    </SettingFrame>
  );
}
