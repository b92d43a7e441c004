'use client';

import { useId, useMemo, useState } from 'react';

import { schemaFields } from '#components/inspector/form-model.ts';
import type { FormField } from '#components/inspector/form-model.ts';
import { LazyCodeField } from '#components/inspector/lazy-code-field.tsx';
import { SettingProvider } from '#components/inspector/setting-context.tsx';
import { SettingList } from '#components/inspector/setting.tsx';
import { Button } from '#components/ui/button.tsx';
import type { FlowDocument } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';

import { inputSchema } from './test-input.ts';

/** What the server found wrong with an input; the pointer begins with `/input`. */
export interface InputFault {
  readonly pointer: string;
  readonly message: string;
}

export interface RunInputProps {
  readonly document: FlowDocument;
  /** The input as JSON. The form is another way to write the same text, so that a switch loses nothing. */
  readonly text: string;
  readonly faults: readonly InputFault[];
  readonly onChange: (text: string) => void;
}

/** The input of a run by hand: a form by the trigger's schema where there is one, or JSON. */
export function RunInput({ document, text, faults, onChange }: RunInputProps) {
  const schema = inputSchema(document);
  const fields = useMemo(() => (schema ? schemaFields(schema) : null), [schema]);
  const [wantsJson, setWantsJson] = useState(false);
  const value = objectIn(text);
  const isForm = fields !== null && value !== null && !wantsJson;
  return (
    <div className="flex flex-col gap-3">
      {isForm ? (
        <InputForm fields={fields} value={value} faults={faults} onChange={onChange} />
      ) : (
        <InputJson document={document} text={text} onChange={onChange} />
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
            {isForm ? 'Write the whole input as JSON' : 'Fill in the form'}
          </Button>
          {!isForm && value === null && (
            <span className="text-xs text-muted-foreground">The form needs a JSON object.</span>
          )}
        </div>
      )}
    </div>
  );
}

/** How an input is written down. */
export function inputText(input: Json): string {
  return JSON.stringify(input, null, 2);
}

function InputForm({
  fields,
  value,
  faults,
  onChange,
}: {
  fields: readonly FormField[];
  value: JsonObject;
  faults: readonly InputFault[];
  onChange: (text: string) => void;
}) {
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
      <div role="group" aria-label="Input" className="flex flex-col gap-4">
        <SettingList
          fields={fields}
          values={value}
          place="/input"
          onChange={(next) => onChange(inputText(next))}
        />
      </div>
    </SettingProvider>
  );
}

function InputJson({ document, text, onChange }: Pick<RunInputProps, 'document' | 'text' | 'onChange'>) {
  const labelId = useId();
  const isWebhook = document.nodes.some((node) => node.type === 'core.webhook');
  return (
    <div className="flex flex-col gap-1.5">
      <span id={labelId} className="text-sm font-medium">
        {isWebhook ? 'Event' : 'Input'}
      </span>
      <LazyCodeField kind="json" value={text} onChange={onChange} labelledBy={labelId} lines={10} />
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
