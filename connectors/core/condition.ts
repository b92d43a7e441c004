import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';

const condition = z.unknown().meta({
  title: 'Condition',
  help: 'An expression. Empty texts, lists and objects, 0, null and missing values count as false.',
  placeholder: 'trigger.body.total > 100',
  widget: 'expression',
});

/** Settings of `core.filter`. */
export const filterInput = z.strictObject({ condition });

/** Settings of `core.if`. */
export const ifInput = z.strictObject({ condition });

export const filter: ActionDef = {
  kind: 'action',
  id: 'filter',
  version: 1,
  label: 'Filter',
  summary: 'Goes on only if the condition is true; else the run ends here, succeeded.',
  icon: 'funnel',
  effect: 'pure',
  input: filterInput,
  output: z.boolean(),
  sample: true,
  mayFollowNone: true,
  initialConfig: { condition: { $expr: '' } },
};

export const branch: ActionDef = {
  kind: 'action',
  id: 'if',
  version: 1,
  label: 'If',
  summary: 'Takes one of two ways.',
  icon: 'split',
  effect: 'pure',
  input: ifInput,
  output: z.boolean(),
  sample: true,
  outputs: ['true', 'false'],
  initialConfig: { condition: { $expr: '' } },
};
