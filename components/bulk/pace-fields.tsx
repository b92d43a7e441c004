'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Switch } from '#components/ui/switch.tsx';

import type { PaceReading, PaceText } from './pace.ts';

export interface PaceFieldsProps {
  readonly value: PaceText;
  readonly reading: PaceReading;
  readonly onChange: (value: PaceText) => void;
}

/** A sample first, and how many a second. */
export function PaceFields({ value, reading, onChange }: PaceFieldsProps) {
  const { sample, rate } = value;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div className="flex flex-col gap-2">
        <Field
          inline
          label="Try a sample first"
          help="So many go first, then it pauses until you have looked at them."
        >
          <Switch
            checked={sample !== null}
            onCheckedChange={(isOn) => onChange({ ...value, sample: isOn ? '5' : null })}
          />
        </Field>
        {sample !== null && (
          <Field label="Size of the sample" hideLabel error={reading.sampleProblem}>
            <Input
              inputMode="numeric"
              value={sample}
              onValueChange={(text) => onChange({ ...value, sample: text })}
            />
          </Field>
        )}
      </div>
      <Field
        label="At most each second"
        optional
        help="Spares the far end. Empty: as fast as it goes. You can change it while it runs."
        error={reading.rateProblem}
      >
        <Input
          inputMode="decimal"
          placeholder="as fast as it goes"
          value={rate}
          onValueChange={(text) => onChange({ ...value, rate: text })}
        />
      </Field>
    </div>
  );
}
