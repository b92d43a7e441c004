'use client';

import { Switch } from '#components/ui/switch.tsx';

import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';

/** Yes or no. */
export function SwitchSetting({ field, value, onChange, ids }: SettingControlProps) {
  const { isReadOnly } = useSettings();
  return (
    <Switch
      aria-labelledby={ids.labelledBy}
      aria-describedby={ids.describedBy}
      disabled={isReadOnly}
      checked={(value ?? field.defaultValue) === true}
      onCheckedChange={(isOn) => onChange(isOn)}
    />
  );
}
