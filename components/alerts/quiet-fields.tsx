'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Switch } from '#components/ui/switch.tsx';
import type { QuietHours } from '#core/api/alerts.ts';

export interface QuietFieldsProps {
  readonly value: QuietHours | null;
  readonly onChange: (value: QuietHours | null) => void;
}

/** Whether a channel has quiet hours, and when. They begin with a night where the browser is. */
export function QuietFields({ value, onChange }: QuietFieldsProps) {
  const begin = (): QuietHours => ({
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    from: '22:00',
    to: '07:00',
  });
  return (
    <>
      <Field label="Quiet hours" help="What is not urgent waits for their end." inline>
        <Switch checked={value !== null} onCheckedChange={(isOn) => onChange(isOn ? begin() : null)} />
      </Field>
      {value !== null && (
        <div className="grid gap-4 sm:grid-cols-[1fr_1fr_2fr]">
          <Field label="From">
            <Input
              type="time"
              required
              value={value.from}
              onValueChange={(from) => onChange({ ...value, from })}
            />
          </Field>
          <Field label="To">
            <Input type="time" required value={value.to} onValueChange={(to) => onChange({ ...value, to })} />
          </Field>
          <Field label="Time zone">
            <Input
              required
              placeholder="Europe/Berlin"
              value={value.timezone}
              onValueChange={(timezone) => onChange({ ...value, timezone })}
            />
          </Field>
        </div>
      )}
    </>
  );
}
