'use client';

import { Select } from '#components/ui/select.tsx';

import { humanName } from './form-model.ts';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { textOf } from './value-mode.ts';

/** One of a few values. The default is shown while none is chosen. */
export function SelectSetting({ field, value, onChange }: SettingControlProps) {
  const { isReadOnly } = useSettings();
  const options = field.options ?? [];
  const chosen = value ?? field.defaultValue;
  return (
    <Select
      aria-label={field.title}
      disabled={isReadOnly}
      options={options.map((option) => ({ value: textOf(option), label: optionLabel(textOf(option)) }))}
      value={chosen === undefined ? null : textOf(chosen)}
      onValueChange={(text) => onChange(options.find((option) => textOf(option) === text))}
    />
  );
}

/** Words in snake_case become a phrase; names such as `POST` or `sha256` stay. */
function optionLabel(text: string): string {
  return /^[a-z]+(_[a-z]+)*$/.test(text) ? humanName(text) : text;
}
