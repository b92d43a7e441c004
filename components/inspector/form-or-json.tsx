'use client';

import { useId, useMemo, useState } from 'react';

import { Button } from '#components/ui/button.tsx';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

import type { FormField } from './form-model.ts';
import './inspector.css';
import { LazyCodeField } from './lazy-code-field.tsx';
import { SettingProvider } from './setting-context.tsx';
import { SettingList } from './setting.tsx';

/** What is wrong with a part of the value. */
export interface InputFault {
  readonly pointer: string;
  readonly message: string;
}

export interface FormOrJsonProps {
  /** Names the JSON field, and in small letters the whole: `Input`. */
  readonly label: string;
  /** The form of the value; null where only JSON will do. */
  readonly fields: readonly FormField[] | null;
  /** The value as JSON. The form is another way to write the same text, so that a switch loses nothing. */
  readonly text: string;
  readonly faults: readonly InputFault[];
  /** What the pointers of faults begin with: `/input`. */
  readonly place: string;
  readonly onChange: (text: string) => void;
  /** Height of the JSON field in lines at least. Default 10. */
  readonly lines?: number;
}

/** A JSON value that a person writes: by a form where there is one, or as JSON. */
export function FormOrJson(props: FormOrJsonProps) {
  const { label, fields, text, faults, place, onChange, lines = 10 } = props;
  const [wantsJson, setWantsJson] = useState(false);
  const value = objectIn(text);
  const isForm = fields !== null && value !== null && !wantsJson;
  return (
    <div className="flex flex-col gap-3">
      {isForm ? (
        <Form {...{ label, faults, place, onChange }} fields={fields} value={value} />
      ) : (
        <JsonText {...{ label, text, faults, place, onChange, lines }} />
      )}
      {fields && (
        <div className="flex items-center gap-2">
          <Button
            variant="link"
            size="sm"
            className="text-xs"
            disabled={!isForm && value === null}
            onClick={() => setWantsJson(isForm)}
          >
            {isForm ? `Write the whole ${label.toLowerCase()} as JSON` : 'Fill in the form'}
          </Button>
          {!isForm && value === null && (
            <span className="text-xs text-muted-foreground">The form needs a JSON object.</span>
          )}
        </div>
      )}
    </div>
  );
}

/** How a value is written down. */
export function inputText(input: Json): string {
  return JSON.stringify(input, null, 2);
}

type PartProps = Pick<FormOrJsonProps, 'label' | 'faults' | 'place' | 'onChange'>;

function Form(props: PartProps & { fields: readonly FormField[]; value: JsonObject }) {
  const { label, faults, place, onChange, fields, value } = props;
  const settings = useMemo(
    () => ({
      faults: faults.map(({ pointer, message }) => ({
        level: 'blocks_publish' as const,
        code: 'input',
        pointer,
        message,
        place: pointer,
      })),
      scope: {},
      isReadOnly: false,
    }),
    [faults],
  );
  return (
    <SettingProvider value={settings}>
      <div role="group" aria-label={label} className="flex flex-col gap-4">
        <SettingList
          fields={fields}
          values={value}
          place={place}
          onChange={(next) => onChange(inputText(next))}
        />
      </div>
    </SettingProvider>
  );
}

function JsonText(props: PartProps & { text: string; lines: number }) {
  const { label, faults, place, onChange, text, lines } = props;
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <span id={id} className="text-sm font-medium">
        {label}
      </span>
      <LazyCodeField
        kind="json"
        value={text}
        onChange={onChange}
        labelledBy={id}
        describedBy={`${id}-faults`}
        isInvalid={faults.length > 0}
        lines={lines}
      />
      <ul id={`${id}-faults`} className="flex flex-col gap-1 empty:hidden">
        {faults.map(({ pointer, message }) => (
          <li key={pointer + message} className="text-xs leading-4 break-words text-danger">
            {pointer !== place && <code className="mr-1.5 font-mono">{pointer.slice(place.length + 1)}</code>}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Null while the text is no object. */
function objectIn(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text.trim() === '' ? '{}' : text) as Json;
    return isJsonObject(value) ? value : null;
  } catch {
    // The field marks the place.
    return null;
  }
}
