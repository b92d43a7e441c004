'use client';

import { isExpression } from '#core/value.ts';

import { LazyCodeField } from './lazy-code-field.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { modeOf, textOf, valueFromText } from './value-mode.ts';

/** A text, template or expression. In text, `{{ }}` opens a data path and `=` at the start makes an expression. */
export function CodeSetting(props: SettingControlProps & { readonly kind: 'text' | 'expression' }) {
  const { field, value, onChange, ids, kind } = props;
  const { scope, isReadOnly } = useSettings();
  const isLong = field.widget === 'textarea' || field.widget === 'code';
  const change = (text: string) => {
    if (text === '' && !field.isRequired && !isExpression(value)) onChange(undefined);
    else if (kind === 'expression') onChange(text === '' && !field.isRequired ? undefined : { $expr: text });
    else if (field.allowsExpression) onChange(valueFromText(text, value));
    else onChange(text);
  };
  const literalKind = field.allowsExpression ? 'template' : 'text';
  return (
    <LazyCodeField
      kind={kind === 'expression' ? 'expression' : literalKind}
      value={textOf(value)}
      onChange={change}
      labelledBy={ids.labelledBy}
      describedBy={ids.describedBy}
      isInvalid={ids.isInvalid}
      isReadOnly={isReadOnly}
      placeholder={modeOf(value) === 'literal' || kind === 'expression' ? field.placeholder : undefined}
      lines={isLong ? 4 : field.widget === 'expression' ? 2 : 1}
      isSingleLine={!isLong && kind === 'text'}
      scope={scope}
      onPathIntoEmpty={field.allowsExpression ? (path) => onChange({ $expr: path }) : undefined}
    />
  );
}
