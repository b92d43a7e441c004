import type { Completion } from '@codemirror/autocomplete';

import { FUNCTION_HELP } from '#core/expression/functions/function-help.ts';

/** The functions that expressions can call, as completions. */
export const FUNCTIONS: readonly Completion[] = FUNCTION_HELP.map(({ name, parameters, help, example }) => ({
  label: `$${name}`,
  detail: parameters,
  info: `${help}. Example: ${example}`,
  type: 'function',
  apply: `$${name}(`,
}));
