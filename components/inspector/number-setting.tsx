'use client';

import { useState } from 'react';

import { Input } from '#components/ui/input.tsx';

import { requestFocus } from './focus-request.ts';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { textOf } from './value-mode.ts';

/** A number. What is typed stays in the field while it is no number yet; the document takes it when it is one. */
export function NumberSetting({ field, value, onChange, ids }: SettingControlProps) {
  const { isReadOnly } = useSettings();
  const [typed, setTyped] = useState<string | null>(null);
  const isWrong = typed !== null && typed.trim() !== '' && parseNumber(typed) === undefined;
  return (
    <>
      <Input
        inputMode="decimal"
        autoComplete="off"
        aria-labelledby={ids.labelledBy}
        aria-describedby={ids.describedBy}
        aria-invalid={ids.isInvalid || isWrong}
        readOnly={isReadOnly}
        value={typed ?? textOf(value)}
        placeholder={field.placeholder ?? textOf(field.defaultValue)}
        onChange={(event) => {
          const text = event.target.value;
          setTyped(text);
          if (text.trim() === '') onChange(undefined);
          else if (text.startsWith('=') && field.allowsExpression) {
            requestFocus(ids.labelledBy);
            onChange({ $expr: text.slice(1) });
          } else if (parseNumber(text) !== undefined) onChange(parseNumber(text));
        }}
        onBlur={() => {
          if (!isWrong) setTyped(null);
        }}
      />
      {isWrong && <p className="text-xs text-danger">Write a number.</p>}
    </>
  );
}

function parseNumber(text: string): number | undefined {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(number) ? number : undefined;
}
