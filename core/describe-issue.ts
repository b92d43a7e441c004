import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** What a Zod issue says, in plain words that follow the name of the field: `must be a number`. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'too_big':
      return `must ${sized(issue.origin, issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum))}`;
    case 'too_small':
      return `must ${sized(issue.origin, issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum))}`;
    case 'invalid_union':
      return options(issue) ?? 'has a value of a kind that it does not take';
    case 'invalid_key':
      return `has a bad name: ${issue.issues[0]?.message ?? 'this name cannot be used'}`;
    default:
      return `is not right: ${issue.message.replace(/\.$/, '')}`;
  }
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => JSON.stringify(value) ?? String(value));
  return shown.length === 1 ? shown.join('') : `one of ${shown.join(', ')}`;
}

/** What a discriminated union knows; Zod's type leaves `options` out. */
function options(issue: object): string | undefined {
  const values: unknown = 'options' in issue ? issue.options : undefined;
  return Array.isArray(values) && values.length > 0 ? `must be ${oneOf(values)}` : undefined;
}

function sized(origin: string, bound: string, limit: number): string {
  if (origin === 'string') return `have ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `be ${bound} ${limit}`;
}
