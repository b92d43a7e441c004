'use client';

import { useFlowVersions } from '#components/canvas/flow-calls.ts';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';

export type VersionChoice = 'original' | 'latest' | number;

export interface VersionFieldProps {
  /** Slug of the flow. */
  readonly flow: string;
  /** What `original` means here: `As it ran (v3)`. */
  readonly originalLabel: string;
  readonly value: VersionChoice;
  readonly onChange: (version: VersionChoice) => void;
}

/** Which version of a flow runs: that of the original, the published one, or any other. */
export function VersionField({ flow, originalLabel, value, onChange }: VersionFieldProps) {
  const versions = useFlowVersions(flow, true);
  const known = versions.data ?? [];
  const published = known.find((each) => each.published);
  const options = [
    { value: 'original', label: originalLabel },
    ...(published ? [{ value: 'latest', label: `The published one (v${published.version})` }] : []),
    ...known.map(({ version, note }) => ({
      value: String(version),
      label: `Version ${version}`,
      ...(note !== '' && { hint: note }),
    })),
  ];
  return (
    <Field label="Version">
      <Select
        options={options}
        value={String(value)}
        onValueChange={(chosen) =>
          onChange(chosen === 'original' || chosen === 'latest' ? chosen : Number(chosen))
        }
      />
    </Field>
  );
}
