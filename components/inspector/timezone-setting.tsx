'use client';

import { useMemo } from 'react';

import { SearchSelect } from './search-select.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { textOf } from './value-mode.ts';

/** A time zone by its name, with the time that it is there now. */
export function TimezoneSetting({ field, value, onChange, ids }: SettingControlProps) {
  const { isReadOnly } = useSettings();
  const options = useMemo(
    () => timeZones().map((zone) => ({ id: zone, label: zone, hint: offsetOf(zone) })),
    [],
  );
  const zone = textOf(value ?? field.defaultValue);
  return (
    <SearchSelect
      label={field.title}
      options={options}
      shown={zone}
      placeholder={field.placeholder ?? 'Choose…'}
      emptyText="No time zone of that name."
      isDisabled={isReadOnly}
      isInvalid={ids.isInvalid}
      describedBy={ids.describedBy}
      onChoose={onChange}
    />
  );
}

/** The person's own zone first, then UTC, then all others by name. */
function timeZones(): readonly string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}

/** `GMT+2`, as it is today. */
function offsetOf(zone: string): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' });
  return format.formatToParts(new Date()).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
