'use client';

import { isJsonObject } from '#core/json.ts';

import type { SettingParentProps } from './setting-props.ts';

/** Settings inside a setting, indented. */
export function ObjectSetting({ field, value, place, onChange, list: SettingList }: SettingParentProps) {
  const values = isJsonObject(value) ? value : isJsonObject(field.defaultValue) ? field.defaultValue : {};
  return (
    <div className="flex flex-col gap-4 border-l border-border pl-3">
      <SettingList fields={field.fields ?? []} values={values} place={place} onChange={onChange} />
    </div>
  );
}
