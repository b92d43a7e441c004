'use client';

import { FormOrJson } from '#components/inspector/form-or-json.tsx';

import { INPUT_PLACE } from './step-settings.ts';

/** What a call in doubt gave, for a person to write. Null: not asked for. */
export function DoubtOutput({ text, onChange }: { text: string | null; onChange: (text: string) => void }) {
  if (text === null) return null;
  return (
    <FormOrJson
      label="Output"
      fields={null}
      text={text}
      faults={[]}
      place={INPUT_PLACE}
      onChange={onChange}
      lines={5}
    />
  );
}
