'use client';

import { ChoiceSetting } from './choice-setting.tsx';
import { CronSetting } from './cron-setting.tsx';
import { EitherSetting } from './either-setting.tsx';
import { ExpressionToggle } from './expression-toggle.tsx';
import { FlowSetting } from './flow-setting.tsx';
import { shownFields } from './form-model.ts';
import type { FormField } from './form-model.ts';
import { JsonSetting } from './json-setting.tsx';
import { KeyValuesSetting } from './key-values-setting.tsx';
import { ListSetting } from './list-setting.tsx';
import { NumberSetting } from './number-setting.tsx';
import { ObjectSetting } from './object-setting.tsx';
import { PillTarget } from './pills/pill-target.tsx';
import { PortSetting } from './port-setting.tsx';
import { Preview } from './preview.tsx';
import { ScriptSetting } from './script-setting.tsx';
import { SelectSetting } from './select-setting.tsx';
import { SettingFrame } from './setting-frame.tsx';
import type { SettingControlProps, SettingListProps, SettingProps } from './setting-props.ts';
import { SwitchSetting } from './switch-setting.tsx';
import { CodeSetting } from './code-setting.tsx';
import { TimezoneSetting } from './timezone-setting.tsx';
import { UnionSetting } from './union-setting.tsx';
import { useSourceView } from './use-source-view.ts';
import { modeOf } from './value-mode.ts';
import { ValueSetting } from './value-setting.tsx';
import { withKey } from './with-key.ts';

/** Widgets that have their own way to an expression, or are one. */
const WRITES_EXPRESSIONS: ReadonlySet<string> = new Set(['expression', 'value']);
/** Widgets that are no text: a pill takes the place of what they hold. */
const TAKES_ONE_PILL: ReadonlySet<string> = new Set([
  'number',
  'select',
  'switch',
  'cron',
  'timezone',
  'flow',
]);
/** Widgets that draw the faults of their parts themselves. */
const DRAWS_PARTS: ReadonlySet<string> = new Set(['object', 'either', 'union']);

/** One setting of a form: its label, its control by kind, and the switch between literal and expression. */
export function Setting(props: SettingProps) {
  const { field, value, place, onChange } = props;
  const mode = modeOf(value);
  const source = useSourceView();
  const hasToggle =
    field.allowsExpression &&
    !WRITES_EXPRESSIONS.has(field.widget) &&
    !field.isExpressionOnly &&
    !holdsPorts(field);
  const isSwitch = field.widget === 'switch' && mode === 'literal';
  return (
    <SettingFrame
      title={field.title}
      help={field.help}
      place={place}
      showsFaultsBelow={!drawsParts(field)}
      isOptional={!field.isRequired && field.defaultValue === undefined && !isSwitch}
      isInline={isSwitch}
      aside={hasToggle && <ExpressionToggle {...{ field, value, source, onChange }} />}
      below={mode === 'literal' ? null : <Preview value={value} />}
    >
      {(ids) => (
        <PillTarget
          isOn={hasToggle && mode === 'literal' && TAKES_ONE_PILL.has(field.widget)}
          ids={ids}
          onChange={onChange}
        >
          <Control {...props} ids={ids} source={source} />
        </PillTarget>
      )}
    </SettingFrame>
  );
}

/** A list of groups of settings draws these as settings, with their faults; so does all that is in `DRAWS_PARTS`. */
function drawsParts(field: FormField): boolean {
  return DRAWS_PARTS.has(field.widget) || field.item?.widget === 'object';
}

/** Names of ports have to be known before any data is there. */
function holdsPorts(field: FormField): boolean {
  return field.item?.fields?.some((part) => part.widget === 'port') === true;
}

function Control(props: SettingControlProps) {
  const { field, value } = props;
  // A free value draws its expressions itself: another control would take the focus away while "=" is typed.
  // So does a text, for the pills in it.
  const drawsExpressions = field.widget === 'value' || field.widget === 'text' || field.widget === 'textarea';
  const isExpression = modeOf(value) === 'expression' && field.allowsExpression && !drawsExpressions;
  if (isExpression || field.widget === 'expression') return <CodeSetting {...props} kind="expression" />;
  switch (field.widget) {
    case 'text':
      return field.choices === undefined ? (
        <CodeSetting {...props} kind="text" />
      ) : (
        <ChoiceSetting {...props} />
      );
    case 'textarea':
      return <CodeSetting {...props} kind="text" />;
    case 'code':
      return <ScriptSetting {...props} />;
    case 'port':
      return <PortSetting {...props} />;
    case 'cron':
      return <CronSetting {...props} />;
    case 'timezone':
      return <TimezoneSetting {...props} />;
    case 'flow':
      return <FlowSetting {...props} />;
    case 'number':
      return <NumberSetting {...props} />;
    case 'switch':
      return <SwitchSetting {...props} />;
    case 'select':
      return <SelectSetting {...props} />;
    case 'list':
      return <ListSetting {...props} list={SettingList} />;
    case 'key_values':
      return <KeyValuesSetting {...props} />;
    case 'object':
      return <ObjectSetting {...props} list={SettingList} />;
    case 'either':
      return <EitherSetting {...props} list={SettingList} />;
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
