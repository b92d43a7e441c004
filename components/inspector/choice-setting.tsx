'use client';

import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { type ChoiceQuery, useChoices } from '#components/api/choices.ts';
import { useSettled } from '#components/recovery/use-settled.ts';
import type { Choice } from '#core/api/choices.ts';
import type { Json } from '#core/json.ts';

import { choiceOptions, choiceState, chosenValue, MORE } from './choice-state.ts';
import { CodeSetting } from './code-setting.tsx';
import { SearchSelect } from './search-select.tsx';
import { useSettingNode, useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { modeOf, textOf, valueFromText } from './value-mode.ts';

const NONE: readonly Choice[] = [];
const SETTLED_MS = 250;

/**
 * A value out of a live list of the connected account. It is loaded when somebody looks, searched while they type, and what they
 * type is taken as well: the list is a help, not a limit.
 */
export function ChoiceSetting(props: SettingControlProps) {
  const { field, value, onChange, ids } = props;
  const { isReadOnly } = useSettings();
  const node = useSettingNode();
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const state = choiceState(node, field.choices ?? '');
  const search = useSettled(typed.trim(), SETTLED_MS);
  const list = useChoices(queryOf(state, field.choices ?? '', search), isOpen);
  const isCurrent = typed.trim() === search && !list.isPlaceholderData;
  const choices = 'problem' in state ? NONE : (list.data?.pages.flatMap((page) => page.data) ?? NONE);
  // A text with expressions in it is written, not chosen.
  if (modeOf(value) !== 'literal') return <CodeSetting {...props} kind="text" />;
  const chosen = textOf(value);
  const problem = 'problem' in state ? state.problem : list.error ? messageOf(list.error) : undefined;
  return (
    <SearchSelect
      label={field.title}
      options={choiceOptions(choices, {
        typed,
        isCurrent,
        hasMore: isCurrent && list.hasNextPage && problem === undefined,
        canClear: !field.isRequired && chosen !== '',
      })}
      shown={choices.find((choice) => choice.value === chosen)?.label ?? chosen}
      placeholder="Choose or type…"
      searchPlaceholder="Search or type a value…"
      emptyText={
        problem ?? (list.isFetching ? 'Loading…' : 'Nothing found. What you type is taken as it is.')
      }
      note={problem}
      isDisabled={isReadOnly}
      isInvalid={ids.isInvalid}
      describedBy={ids.describedBy}
      onOpenChange={setIsOpen}
      onQueryChange={setTyped}
      onChoose={(id) => {
        if (id === MORE) void list.fetchNextPage();
        else onChange(valueOf(chosenValue(id), props));
      }}
      staysOpen={(id) => id === MORE}
    />
  );
}

function valueOf(text: string | undefined, { field, value }: SettingControlProps): Json | undefined {
  return text !== undefined && field.allowsExpression ? valueFromText(text, value) : text;
}

function queryOf(state: ReturnType<typeof choiceState>, loader: string, search: string): ChoiceQuery {
  const asked = 'problem' in state ? { connector: '', connection: '', settings: {} } : state;
  return { ...asked, loader, search };
}
