'use client';

import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';

import { shownFields } from './form-model.ts';
import type { FormField } from './form-model.ts';
import { Setting } from './setting.tsx';
import type { SettingControlProps } from './setting.tsx';

/** Settings inside a setting, indented. */
export function ObjectSetting({ field, value, place, onChange }: SettingControlProps) {
  const values = isJsonObject(value) ? value : isJsonObject(field.defaultValue) ? field.defaultValue : {};
  return (
    <div className="flex flex-col gap-4 border-l border-border pl-3">
      <SettingList fields={field.fields ?? []} values={values} place={place} onChange={onChange} />
    </div>
  );
}

export interface SettingListProps {
  readonly fields: readonly FormField[];
  readonly values: JsonObject;
  readonly place: string;
  readonly onChange: (values: JsonObject) => void;
}

/** The settings of one object, those that apply. */
export function SettingList({ fields, values, place, onChange }: SettingListProps) {
  return shownFields(fields, values).map((field) => (
    <Setting
      key={field.name}
      field={field}
      value={values[field.name]}
      place={`${place}/${field.name}`}
      onChange={(value) => onChange(withKey(values, field.name, value))}
    />
  ));
}

/** The object with a key set, or without it for `undefined`. */
export function withKey(values: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...values, [key]: value };
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}
