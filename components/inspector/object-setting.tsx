'use client';

import { cn } from '#components/ui/cn.ts';
import { isJsonObject } from '#core/json.ts';

import type { SettingParentProps } from './setting-props.ts';

/** Settings inside a setting, indented. `isPlain`: something around them shows already that they belong together. */
export function ObjectSetting({
  field,
  value,
  place,
  onChange,
  list: SettingList,
  isPlain = false,
}: SettingParentProps & { readonly isPlain?: boolean }) {
  const values = isJsonObject(value) ? value : isJsonObject(field.defaultValue) ? field.defaultValue : {};
  return (
    <div className={cn('flex flex-col gap-4', !isPlain && 'border-l border-border pl-3')}>
      <SettingList fields={field.fields ?? []} values={values} place={place} onChange={onChange} />
    </div>
  );
}
