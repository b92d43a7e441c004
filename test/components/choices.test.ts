import { describe, expect, it } from 'vitest';

import { choiceOptions, choiceState, chosenValue, MORE } from '#components/inspector/choice-state.ts';
import { formFields } from '#components/inspector/form-model.ts';
import { findOperation } from '#connectors/definitions.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import { testNode } from '#test/support/editor-flow.ts';

function step(config: JsonObject, connection: string | undefined = 'mine'): FlowNode {
  return {
    ...testNode('issue', 'github.create_issue'),
    config,
    ...(connection !== undefined && { connection }),
  };
}

describe('the live list of a setting', () => {
  it('is named in the form, for items of lists too', () => {
    const fields = formFields(findOperation('github.create_issue', 1)!.operation.input);
    const named = (name: string) => fields.find((field) => field.name === name);
    expect(named('repository')?.choices).toBe('repositories');
    expect(named('labels')?.item?.choices).toBe('labels');
    expect(named('title')?.choices).toBeUndefined();
  });

  it('is asked for with the settings that it depends on, and no others', () => {
    const node = step({ repository: 'octo/hello', title: 'A bug' });
    expect(choiceState(node, 'labels')).toEqual({
      connector: 'github',
      connection: 'mine',
      settings: { repository: 'octo/hello' },
    });
    expect(choiceState(node, 'repositories')).toEqual({
      connector: 'github',
      connection: 'mine',
      settings: {},
    });
  });

  it.each<[string, FlowNode | undefined, RegExp]>([
    ['a connection', { ...step({ repository: 'octo/hello' }), connection: undefined }, /Choose a connection/],
    ['the setting before', step({}), /Fill in “Repository” first/],
    [
      'a value that is known',
      step({ repository: { $expr: 'trigger.body.repository' } }),
      /an expression decides/,
    ],
    [
      'a value that is known',
      step({ repository: { $tpl: 'octo/{{ trigger.body.name }}' } }),
      /an expression decides/,
    ],
    ['a step', undefined, /no list/],
  ])('needs %s', (_, node, words) => {
    expect(choiceState(node, 'labels')).toEqual({ problem: expect.stringMatching(words) as string });
  });

  it('offers what was typed, unless it is there', () => {
    const choices = [
      { value: 'C1', label: 'general', hint: 'Everybody' },
      { value: 'random', label: 'random' },
    ];
    const lines = (typed: string, state = {}) =>
      choiceOptions(choices, { typed, isCurrent: true, hasMore: false, canClear: false, ...state });
    expect(lines('')).toEqual([
      { id: 'C1', label: 'general', hint: 'Everybody · C1' },
      { id: 'random', label: 'random', hint: undefined },
    ]);
    expect(lines('general')).toHaveLength(2);
    const [, , own] = lines(' C99 ');
    expect(own?.label).toBe('Use “C99”');
    expect(chosenValue(own?.id ?? '')).toBe('C99');
    expect(chosenValue('C1')).toBe('C1');
    expect(lines('', { hasMore: true }).at(-1)?.id).toBe(MORE);
    const [none] = lines('', { canClear: true });
    expect(none?.label).toBe('None');
    expect(chosenValue(none?.id ?? '')).toBeUndefined();
  });

  it('shows only what fits before the far end has answered', () => {
    const choices = [
      { value: 'C1', label: 'general' },
      { value: 'C2', label: 'orders', hint: 'What was sold' },
    ];
    const state = { isCurrent: false, hasMore: false, canClear: false };
    const labels = (typed: string) => choiceOptions(choices, { ...state, typed }).map(({ label }) => label);
    expect(labels('sold')).toEqual(['orders', 'Use “sold”']);
    expect(labels('zzz')).toEqual(['Use “zzz”']);
  });
});
