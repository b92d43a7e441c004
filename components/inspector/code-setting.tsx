'use client';

import { useState } from 'react';

import { sameJson } from '#core/same-json.ts';
import type { Json } from '#core/json.ts';
import { pillTextOf, valueOfPillText } from '#core/pills/pill-text.ts';
import { isExpression } from '#core/value.ts';

import { LazyCodeField } from './lazy-code-field.tsx';
import { useListMapping } from './pills/use-list-mapping.ts';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { useSourceView } from './use-source-view.ts';
import { textOf, valueFromText } from './value-mode.ts';

export interface CodeSettingProps extends SettingControlProps {
  readonly kind: 'text' | 'expression';
  /** A pill alone keeps its type, as for values that may be anything. Default false: it becomes text. */
  readonly keepsType?: boolean;
}

/**
 * A text with pills, or an expression. In text, `{{ }}` opens a data path and `=` at the start makes an expression; what is
 * one path is a pill, and words can be typed around it.
 */
export function CodeSetting(props: CodeSettingProps) {
  const { field, value, onChange, ids, kind, keepsType = false } = props;
  const { scope, isReadOnly, pills: facts } = useSettings();
  const own = useSourceView();
  const source = props.source ?? own;
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: Json } | null>(null);
  const onMapList = useListMapping(onChange);
  const isLong = field.widget === 'textarea' || field.widget === 'code';
  const isText = (kind === 'text' || field.widget === 'text' || isLong) && field.allowsExpression;
  const pillText = isText && !(isExpression(value) && source.asExpression) ? pillTextOf(value) : null;
  const isCode = pillText === null && (kind === 'expression' || isExpression(value));

  const take = (next: Json | undefined, text: string) => {
    setTyped(next === undefined ? null : { text, value: next });
    onChange(next);
  };
  const change = (text: string) => {
    if (text === '' && !field.isRequired) take(undefined, text);
    else if (isCode) {
      // While it is written, a path must not turn into a pill that words are typed around.
      if (isText && !source.asExpression) source.show({ asExpression: true });
      take({ $expr: text }, text);
    } else if (!field.allowsExpression) onChange(text);
    else {
      const next = valueFromText(text, isExpression(value) ? pillText : value);
      if (isExpression(next)) source.show({ asExpression: true });
      take(isExpression(next) ? next : valueOfPillText(text, value, keepsType), text);
    }
  };
  const literalKind = field.allowsExpression ? 'template' : 'text';
  // What is typed stays as it is typed, whatever the blanks in it, while it means what the document has.
  const isTyped = typed !== null && !isCode && sameJson(typed.value, value);
  return (
    <LazyCodeField
      kind={isCode ? 'expression' : literalKind}
      value={isTyped ? typed.text : (pillText ?? textOf(value))}
      onChange={change}
      labelledBy={ids.labelledBy}
      describedBy={ids.describedBy}
      isInvalid={ids.isInvalid}
      isReadOnly={isReadOnly}
      placeholder={typeof value === 'object' && !isCode ? undefined : field.placeholder}
      lines={isLong ? 4 : field.widget === 'expression' ? 2 : 1}
      isSingleLine={!isLong && !isCode}
      scope={scope}
      pills={
        facts && field.allowsExpression
          ? {
              isSource: source.asSource,
              onSourceChange: (isOn) =>
                source.show({ asSource: isOn, asExpression: isOn && isExpression(value) }),
              onMapList: keepsType ? onMapList : undefined,
            }
          : undefined
      }
    />
  );
}
