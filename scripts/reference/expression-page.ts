import { CONTEXT_NAMES } from '#core/expression-context.ts';
import { FUNCTION_HELP, type FunctionHelp } from '#core/expression/functions/function-help.ts';
import { EXPRESSION_LIMITS } from '#core/expression/limits.ts';
import { code, page, plain, table } from './markdown.ts';

/** A name without a line here does not compile: the type of the table says so. */
const CONTEXT: Readonly<Record<(typeof CONTEXT_NAMES)[number], string>> = {
  trigger:
    'The event: `body`, `headers`, `query`, `method`, `receivedAt`. A run by hand has its input as `trigger.body`.',
  steps:
    'The outputs of earlier steps by node id: `steps.map.total`. Inside a loop also those outside that lead to it.',
  item: 'Inside a loop: the item at hand.',
  index: 'Inside a loop: its place in the list, from 0.',
  run: '`id`, `startedAt`, `attempt`.',
  flow: '`slug`, `version`.',
  vars: 'Kept for variables of the workspace; empty so far.',
};

/** The page about values, what expressions can name, and their functions. */
export function expressionPage(): string {
  const { timeoutMs, sequence, sourceLength } = EXPRESSION_LIMITS;
  return page(
    '# Expressions',
    'A setting of a node is a literal, an expression or a text with expressions in it:',
    table(
      ['value', 'is'],
      [
        [
          code('"plain text", 12, true, null, {…}, […]'),
          'A literal. Objects and lists may hold expressions anywhere inside.',
        ],
        [
          code('{ "$expr": "trigger.body.total * 2" }'),
          'An expression in [JSONata](https://docs.jsonata.org); it gives a value of any type. Nothing (a missing field) becomes null.',
        ],
        [
          code('{ "$tpl": "Order {{ trigger.body.number }}" }'),
          'A text with expressions in it; always a text. Nothing is an error there: write `{{ name ?? "unknown" }}`.',
        ],
      ],
    ),
    'An expression that fails fails its step, with the name of the setting and the position. It never becomes an empty text.',
    '## What they can name',
    table(
      ['name', 'is'],
      CONTEXT_NAMES.map((name) => [code(name), CONTEXT[name]]),
    ),
    'Each is a variable, too (`$trigger`, `$steps`), for places where the names mean something else: `trigger.body.lines.{ "sku": sku, "order": $trigger.body.id }`. Secrets of connections can never be named.',
    '## Functions',
    'JSONata’s own, but `$eval`, and some of Patchbay’s (marked ●). What reads the clock or throws dice gives the same on every attempt of a step, so that a repeated call sends the same body.',
    ...groups().flatMap(([group, functions]) => [
      `### ${group}`,
      table(['function', 'gives', 'for example'], functions.map(rowOf)),
    ]),
    '## Patterns of dates',
    'In `$formatDate` and `$parseDate`: `yyyy yy` year, `MMMM MMM MM M` month, `dd d` day, `EEEE EEE` weekday, `HH H` hour (24), `hh h` hour (12) with `a` AM or PM, `mm m` minute, `ss s` second, `SSS` millisecond, `XXX` offset `+02:00` or `Z`, `xx` offset `+0200`. Names are English. Plain text stands between single quotes. Dates go in as ISO 8601 texts or milliseconds since 1970; without an offset they are read in the time zone that is given, else in UTC.',
    '## Limits',
    `An expression has up to ${sourceLength.toLocaleString('en')} characters, runs for ${timeoutMs / 1_000} s at most and makes lists of up to ${sequence.toLocaleString('en')} items. Regular expressions are matched in linear time: no look-around, no back-references.`,
    '[All node types](README.md) · [settings of flows and nodes](flows.md)',
  );
}

function groups(): readonly (readonly [string, readonly FunctionHelp[]])[] {
  const names = [...new Set(FUNCTION_HELP.map(({ group }) => group))];
  return names.map((name) => [name, FUNCTION_HELP.filter(({ group }) => group === name)]);
}

function rowOf({ name, parameters, help, example, result, isOurs }: FunctionHelp): readonly string[] {
  const gives = result === undefined ? '' : ` → ${code(JSON.stringify(result))}`;
  return [`${code(`$${name}${parameters}`)}${isOurs ? ' ●' : ''}`, plain(help), code(example) + gives];
}
