'use client';

import { ExpressionToggle } from './expression-toggle.tsx';
import { shownFields } from './form-model.ts';
import { JsonSetting } from './json-setting.tsx';
import { KeyValuesSetting } from './key-values-setting.tsx';
import { ListSetting } from './list-setting.tsx';
import { NumberSetting } from './number-setting.tsx';
import { ObjectSetting } from './object-setting.tsx';
import { Preview } from './preview.tsx';
import { SelectSetting } from './select-setting.tsx';
import { SettingFrame } from './setting-frame.tsx';
import type { SettingControlProps, SettingListProps, SettingProps } from './setting-props.ts';
import { SwitchSetting } from './switch-setting.tsx';
import { CodeSetting } from './code-setting.tsx';
import { UnionSetting } from './union-setting.tsx';
import { modeOf } from './value-mode.ts';
import { ValueSetting } from './value-setting.tsx';
import { withKey } from './with-key.ts';

/** Widgets that have their own way to an expression, or are one. */
const WRITES_EXPRESSIONS: ReadonlySet<string> = new Set(['expression', 'value']);
/** Widgets that draw the faults of their parts themselves. */
const DRAWS_PARTS: ReadonlySet<string> = new Set(['object', 'union']);

/** One setting of a form: its label, its control by kind, and the switch between literal and expression. */
export function Setting(props: SettingProps) {
  const { field, value, place, onChange } = props;
  const mode = modeOf(value);
  const hasToggle =
    field.allowsExpression && !WRITES_EXPRESSIONS.has(field.widget) && !field.isExpressionOnly;
  const isSwitch = field.widget === 'switch' && mode === 'literal';
  return (
    <SettingFrame
      title={field.title}
      help={field.help}
      place={place}
      showsFaultsBelow={!DRAWS_PARTS.has(field.widget)}
      isOptional={!field.isRequired && field.defaultValue === undefined && !isSwitch}
      isInline={isSwitch}
      aside={hasToggle && <ExpressionToggle field={field} value={value} onChange={onChange} />}
      below={mode === 'literal' ? null : <Preview value={value} />}
    >
      {(ids) => <Control {...props} ids={ids} />}
    </SettingFrame>
  );
}

function Control(props: SettingControlProps) {
  const { field, value } = props;
  // A free value draws its expressions itself: another control would take the focus away while "=" is typed.
  const isExpression = modeOf(value) === 'expression' && field.allowsExpression && field.widget !== 'value';
  if (isExpression || field.widget === 'expression') return <CodeSetting {...props} kind="expression" />;
  switch (field.widget) {
    case 'text':
    case 'textarea':
    case 'code':
      return <CodeSetting {...props} kind="text" />;
    case 'number':
      return <NumberSetting {...props} />;
    case 'switch':
      return <SwitchSetting {...props} />;
    case 'select':
      return <SelectSetting {...props} />;
    case 'list':
      return <ListSetting {...props} />;
    case 'key_values':
      return <KeyValuesSetting {...props} />;
    case 'object':
      return <ObjectSetting {...props} list={SettingList} />;
    case 'union':
      return <UnionSetting {...props} list={SettingList} />;
    case 'json':
      return <JsonSetting {...props} />;
    case 'value':
      return <ValueSetting {...props} />;
  }
}

/** The settings of one object, those that apply. */
export function SettingList({ fields, values, place, onChange }: SettingListProps) {
  return shownFields(fields, values).map((field) => (
    <Setting
      key={field.name}
      field={field}
      value={values[field.name]}
      place={`${place}/${field.name}`}
      onChange={(value) => onChange(withKey(values, field.name, value))}
    />
  ));
}
