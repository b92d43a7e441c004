import type { z } from 'zod';

import { invalid, type FieldFault } from '#sandbox/problem.ts';

/** What a schema makes of a value. Throws a `Problem` (422) that names each field that does not fit. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw invalid(checked.error.issues.flatMap(faultsOf));
}

/** zod names unknown keys in one issue; a caller wants each by its name. */
function faultsOf(issue: z.core.$ZodIssue): readonly FieldFault[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: [...at, key].join('.'), message: 'is not known' }));
  return [{ field: at.join('.') || 'body', message: issue.message }];
}
