import { z } from 'zod';

import type { ActionDef } from '#connectors/contract.ts';
import type { JsonObject } from '#core/json.ts';
import { isJsonObject } from '#core/json.ts';

const PORT_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
/** `default` is there anyway, `error` belongs to `onError`. */
const TAKEN: ReadonlySet<string> = new Set(['default', 'error']);

const port = z
  .string()
  .regex(PORT_NAME, 'start with a letter, then letters, digits, _ and -; at most 63 characters')
  .refine((name) => !TAKEN.has(name), 'this name is taken: every switch has it already')
  .meta({
    title: 'Port',
    help: 'The name of the way that is taken. Edges leave from it.',
    placeholder: 'large',
    widget: 'port',
    expression: false,
  });

const when = z.unknown().meta({
  title: 'When',
  help: 'An expression. Empty texts, lists and objects, 0, null and missing values count as false.',
  placeholder: 'trigger.body.total > 100',
  widget: 'expression',
});

/** Settings of `core.switch`. */
export const switchInput = z.strictObject({
  cases: z
    .array(z.strictObject({ port, when }))
    .min(1)
    .max(50)
    .superRefine((cases, issues) => {
      cases.forEach((one, index) => {
        if (cases.findIndex((other) => other.port === one.port) === index) return;
        const message = `another case has the port "${one.port}" already; the ports of a switch are unique`;
        issues.addIssue({ code: 'custom', path: [index, 'port'], message });
      });
    })
    .meta({
      title: 'Cases',
      help: 'Tried from the top. All conditions are worked out before one is chosen.',
      widget: 'list',
    }),
  mode: z.enum(['first', 'all']).default('first').meta({
    title: 'Follow',
    help: 'First: only the first case that is true. All: every case that is true. If none is, the port "default".',
    expression: false,
  }),
});

export const switchCases: ActionDef = {
  kind: 'action',
  id: 'switch',
  version: 1,
  label: 'Switch',
  summary: 'Takes one of many ways, or several; the output lists the ports that are taken.',
  icon: 'route',
  effect: 'pure',
  input: switchInput,
  output: z.array(z.string()),
  sample: ['large'],
  outputs: (config) => switchPorts(config),
  initialConfig: { cases: [{ port: 'case_1', when: { $expr: '' } }], mode: 'first' },
};

/** The ports of a switch as it is configured, also while the configuration is not right yet. */
function switchPorts({ cases }: JsonObject): readonly string[] {
  const names = (Array.isArray(cases) ? cases : []).map((one) => (isJsonObject(one) ? one['port'] : null));
  const usable = names.filter((name) => port.safeParse(name).success) as string[];
  return [...new Set(usable), 'default'];
}
