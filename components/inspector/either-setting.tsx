'use client';

import { Select } from '#components/ui/select.tsx';
import { isJsonObject } from '#core/json.ts';

import { useSettings } from './setting-context.tsx';
import type { SettingParentProps } from './setting-props.ts';
import { startValue } from './start-value.ts';

/** One of several settings: first which, then that one. */
export function EitherSetting({ field, value, place, onChange, list: SettingList }: SettingParentProps) {
  const { isReadOnly } = useSettings();
  const fields = (field.fields ?? []).map((part) => ({ ...part, isRequired: true }));
  const values = isJsonObject(value) ? value : {};
  const chosen = fields.find(({ name }) => values[name] !== undefined);
  return (
    <div className="flex flex-col gap-3">
      <Select
        aria-label={field.title}
        disabled={isReadOnly}
        options={fields.map(({ name, title }) => ({ value: name, label: title }))}
        value={chosen?.name ?? null}
        onValueChange={(name) => {
          const next = fields.find((part) => part.name === name);
          if (next && next !== chosen) onChange({ [name]: startValue(next) });
        }}
      />
      {chosen && (
        <div className="border-l border-border pl-3">
          <SettingList fields={[chosen]} values={values} place={place} onChange={onChange} />
        </div>
      )}
    </div>
  );
}
