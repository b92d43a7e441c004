'use client';

import { useState } from 'react';

import type { Json } from '#core/json.ts';

import { LazyCodeField } from './lazy-code-field.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { useUnparsedText } from './unparsed-text.ts';
import { sameJson } from '#core/same-json.ts';

/** A value written as JSON. Text that is no JSON yet is kept beside the document, which holds what last was. */
export function JsonSetting({ field, value, place, onChange, ids }: SettingControlProps) {
  const { isReadOnly, scope } = useSettings();
  const unparsed = useUnparsedText(place);
  const [text, setText] = useState(() => unparsed.read() ?? toText(value));
  const parsed = parse(text);
  const isOutdated = parsed.ok && !sameJson(parsed.value, value);
  const shown = isOutdated ? toText(value) : text;
  return (
    <>
      <LazyCodeField
        kind="json"
        value={shown}
        labelledBy={ids.labelledBy}
        describedBy={ids.describedBy}
        isInvalid={ids.isInvalid || !parsed.ok}
        isReadOnly={isReadOnly}
        placeholder={field.placeholder ?? '{ }'}
        lines={4}
        scope={scope}
        onChange={(next) => {
          setText(next);
          const result = parse(next);
          unparsed.write(result.ok ? null : next);
          if (result.ok) onChange(result.value);
        }}
      />
      {!parsed.ok && !isOutdated && (
        <p className="text-xs text-danger">
          This is not JSON yet, so the flow still has what was here before.
        </p>
      )}
    </>
  );
}

function toText(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function parse(text: string): { ok: true; value: Json | undefined } | { ok: false } {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    // Shown at the field; the text itself is kept.
    return { ok: false };
  }
}
