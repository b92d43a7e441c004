'use client';

import { Switch } from '#components/ui/switch.tsx';
import type { Json } from '#core/json.ts';

import type { FlowSettingsProps } from './flow-settings-props.ts';
import { NumberSetting } from './number-setting.tsx';
import { plainField } from './plain-field.ts';
import { useSettings } from './setting-context.tsx';
import { Setting } from './setting.tsx';
import { SettingFrame } from './setting-frame.tsx';

const KEY_FIELD = {
  ...plainField('key', 'value', 'trigger.body.customer.id'),
  title: 'Counted for each',
  help: 'Runs whose key is the same wait for each other, in the order in which they came. Left empty, all runs of the flow do.',
  allowsExpression: true,
};

/** How many runs go on at a time, for each key. */
export function ConcurrencySettings({ settings, set }: FlowSettingsProps) {
  const { isReadOnly } = useSettings();
  const { concurrency } = settings;
  const change = (next: { key?: Json | undefined; limit?: number }) => {
    const { key, limit } = { ...concurrency, ...next };
    set({ concurrency: { limit: limit ?? 1, ...(key !== undefined && { key }) } });
  };
  return (
    <>
      <SettingFrame
        title="Limit runs at a time"
        place="/settings/concurrency"
        isInline
        help={concurrency ? undefined : 'All runs start at once, as far as there are workers.'}
      >
        {(ids) => (
          <Switch
            aria-labelledby={ids.labelledBy}
            disabled={isReadOnly}
            checked={concurrency !== undefined}
            onCheckedChange={(isOn) => set({ concurrency: isOn ? { limit: 1 } : undefined })}
          />
        )}
      </SettingFrame>
      {concurrency && (
        <div className="flex flex-col gap-4 border-l border-border pl-3">
          <SettingFrame title="Runs at a time" place="/settings/concurrency/limit">
            {(ids) => (
              <NumberSetting
                field={plainField('limit', 'number', '1')}
                value={concurrency.limit}
                place="/settings/concurrency/limit"
                ids={ids}
                onChange={(value) => change({ limit: typeof value === 'number' ? value : 1 })}
              />
            )}
          </SettingFrame>
          <Setting
            field={KEY_FIELD}
            value={concurrency.key}
            place="/settings/concurrency/key"
            onChange={(key) => change({ key: key === '' ? undefined : key })}
          />
        </div>
      )}
    </>
  );
}
