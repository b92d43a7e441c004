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
const NONE = '\u0000none';
export const MORE = '\u0000more';

/** What is known of a list while somebody types. */
export interface ListState {
  readonly typed: string;
  /** False while what is listed does not answer to what is typed yet. */
  readonly isCurrent: boolean;
  readonly hasMore: boolean;
  /** True where the setting may be taken away. */
  readonly canClear: boolean;
}

/** The lines of the list: the way to none, the choices, what was typed where it is none of them, and the way to more. */
export function choiceOptions(choices: readonly Choice[], state: ListState): readonly PickerOption[] {
  const text = state.typed.trim();
  const isKnown = choices.some(({ value, label }) => value === text || label === text);
  // What Enter takes must fit what was typed, also before the far end has answered.
  const listed = state.isCurrent ? choices : choices.filter((choice) => matches(choice, text));
  return [
    ...(state.canClear && text === '' ? [{ id: NONE, label: 'None' }] : []),
    ...listed.map(toOption),
    ...(text === '' || isKnown ? [] : [{ id: TYPED + text, label: `Use “${text}”`, hint: 'As it is typed' }]),
    ...(state.hasMore ? [{ id: MORE, label: 'Load more…' }] : []),
  ];
}

function toOption({ value, label, hint }: Choice): PickerOption {
  const about = [hint, label === value ? undefined : value].filter(Boolean).join(' · ');
  return { id: value, label, hint: about || undefined };
}

function matches({ value, label, hint = '' }: Choice, text: string): boolean {
  const all = `${value} ${label} ${hint}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** The value behind a line; undefined for none. */
export function chosenValue(id: string): string | undefined {
  if (id === NONE) return undefined;
  return id.startsWith(TYPED) ? id.slice(TYPED.length) : id;
}
