'use client';

import type { Json } from '#core/json.ts';

import { ChoiceSetting } from './choice-setting.tsx';
import { CodeSetting } from './code-setting.tsx';
import type { FormField } from './form-model.ts';
import { NumberSetting } from './number-setting.tsx';
import { ObjectSetting } from './object-setting.tsx';
import { RemovableRows } from './removable-rows.tsx';
import { SelectSetting } from './select-setting.tsx';
import { SiblingsProvider } from './siblings.tsx';
import type { SettingParentProps } from './setting-props.ts';
import { startItem } from './start-value.ts';
import { modeOf } from './value-mode.ts';
import { ValueEditor } from './value-editor.tsx';

/** Several values of one kind. Without items the setting is left out of the document. */
export function ListSetting(props: SettingParentProps) {
  const { field, value, place, onChange } = props;
  const items: readonly Json[] = Array.isArray(value) ? value : [];
  const item = {
    ...(field.item ?? field),
    title: field.title,
    placeholder: field.placeholder ?? field.item?.placeholder,
    isRequired: true,
  };
  return (
    <RemovableRows
      items={items}
      place={place}
      isFramed={item.widget === 'object'}
      newItem={() => startItem(item, items)}
      onChange={(next) => onChange(next.length === 0 && !field.isRequired ? undefined : next)}
    >
      {(entry, change, index) => (
        <SiblingsProvider value={items.filter((_, at) => at !== index)}>
          <ItemControl
            {...props}
            field={{ ...item, title: `${field.title}: item ${index + 1}` }}
            place={`${place}/${index}`}
            value={entry}
            onChange={change}
          />
        </SiblingsProvider>
      )}
    </RemovableRows>
  );
}

function ItemControl(props: SettingParentProps & { field: FormField }) {
  if (modeOf(props.value) === 'expression') return <CodeSetting {...props} kind="expression" />;
  switch (props.field.widget) {
    case 'select':
      return <SelectSetting {...props} />;
    case 'number':
      return <NumberSetting {...props} />;
    case 'object':
      return <ObjectSetting {...props} isPlain />;
    case 'value':
    case 'list':
    case 'json':
    case 'key_values':
      return (
        <ValueEditor
          label={props.field.title}
          value={props.value}
          onChange={props.onChange}
          frame={props}
          place={props.place}
        />
      );
    default:
      return props.field.choices === undefined ? (
        <CodeSetting {...props} kind="text" />
      ) : (
        <ChoiceSetting {...props} />
      );
  }
}
