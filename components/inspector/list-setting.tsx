'use client';

import { Plus, X } from 'lucide-react';

import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import type { Json } from '#core/json.ts';

import { CodeSetting } from './code-setting.tsx';
import type { FormField } from './form-model.ts';
import { NumberSetting } from './number-setting.tsx';
import { SelectSetting } from './select-setting.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { modeOf } from './value-mode.ts';

/** Several values of one kind. Without items the setting is left out of the document. */
export function ListSetting(props: SettingControlProps) {
  const { field, value, place, onChange } = props;
  const { isReadOnly } = useSettings();
  const items: readonly Json[] = Array.isArray(value) ? value : [];
  const item = {
    ...(field.item ?? field),
    title: field.title,
    placeholder: field.placeholder,
    isRequired: true,
  };
  const commit = (next: readonly Json[]) =>
    onChange(next.length === 0 && !field.isRequired ? undefined : next);
  return (
    <div className="flex flex-col gap-1.5">
      {items.map((entry, index) => (
        <div key={index} className="flex items-start gap-1" data-place={`${place}/${index}`}>
          <div className="min-w-0 flex-1">
            <ItemControl
              {...props}
              field={item}
              value={entry}
              onChange={(next) => commit(items.map((old, at) => (at === index ? (next ?? '') : old)))}
            />
          </div>
          <IconButton
            label={`Remove item ${index + 1}`}
            disabled={isReadOnly}
            onClick={() => commit(items.filter((_, at) => at !== index))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      <Button
        variant="ghost"
        size="sm"
        className="self-start"
        disabled={isReadOnly}
        onClick={() => commit([...items, item.options?.[0] ?? ''])}
      >
        <Plus /> Add
      </Button>
    </div>
  );
}

function ItemControl(props: SettingControlProps & { field: FormField }) {
  if (modeOf(props.value) === 'expression') return <CodeSetting {...props} kind="expression" />;
  if (props.field.widget === 'select') return <SelectSetting {...props} />;
  if (props.field.widget === 'number') return <NumberSetting {...props} />;
  return <CodeSetting {...props} kind="text" />;
}
