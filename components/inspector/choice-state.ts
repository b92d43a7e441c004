import { findConnector, findOperation } from '#connectors/definitions.ts';
import { settingsOf } from '#connectors/kit/http-call.ts';
import type { Choice } from '#core/api/choices.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import type { PickerOption } from '#components/canvas/picker-list.tsx';

import { modeOf } from './value-mode.ts';

/** What a list is asked for, or why it cannot be. */
export type ChoiceState =
  | { readonly connector: string; readonly connection: string; readonly settings: JsonObject }
  | { readonly problem: string };

/** Whether the choices of a setting can be loaded for a step as it is now. */
export function choiceState(node: FlowNode | undefined, loader: string): ChoiceState {
  const found = node && findOperation(node.type, node.version);
  const call = found && findConnector(found.connector.id)?.optionLoaders?.[loader]?.call;
  if (!node || !found || !call) return { problem: 'There is no list for this setting.' };
  if (node.connection === undefined) return { problem: 'Choose a connection above to see what there is.' };
  const names = [...settingsOf(call)].filter((name) => name !== 'limit');
  for (const name of names) {
    const title = titleOf(found.operation.input.shape, name);
    const value = node.config[name];
    if (modeOf(value) !== 'literal')
      return { problem: `It depends on “${title}”, which an expression decides at run time.` };
    if (value === undefined || value === '')
      return { problem: `Fill in “${title}” first: what there is depends on it.` };
  }
  const settings = Object.fromEntries(names.map((name) => [name, node.config[name] ?? null]));
  return { connector: found.connector.id, connection: node.connection, settings };
}

function titleOf(shape: Readonly<Record<string, unknown>>, name: string): string {
  const field = shape[name] as { meta?: () => { title?: string } | undefined } | undefined;
  return field?.meta?.()?.title ?? name;
}

const TYPED = '\u0000typed ';
export const MORE = '\u0000more';

/** The lines of the list: what was typed where it is none of them, the choices, and the way to more of them. */
export function choiceOptions(
  choices: readonly Choice[],
  { typed, hasMore }: { readonly typed: string; readonly hasMore: boolean },
): readonly PickerOption[] {
  const text = typed.trim();
  const isKnown = choices.some(({ value, label }) => value === text || label === text);
  const own: readonly PickerOption[] =
    text === '' || isKnown ? [] : [{ id: TYPED + text, label: `Use “${text}”`, hint: 'As it is typed' }];
  const more: readonly PickerOption[] = hasMore ? [{ id: MORE, label: 'Load more…' }] : [];
  const listed = choices.map(({ value, label, hint }) => ({
    id: value,
    label,
    hint: [hint, label === value ? undefined : value].filter(Boolean).join(' · ') || undefined,
  }));
  return [...listed, ...own, ...more];
}

/** The value behind a line. */
export function chosenValue(id: string): string {
  return id.startsWith(TYPED) ? id.slice(TYPED.length) : id;
}
