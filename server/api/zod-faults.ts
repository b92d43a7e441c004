import type { z } from 'zod';

import type { Problem } from '#core/api/common.ts';
import { jsonPointer } from '#core/fault.ts';

/** The `errors` of a problem. */
export type Faults = NonNullable<Problem['errors']>;

type Issue = z.core.$ZodIssue;

/** Every fault with its JSON pointer. */
export function toFaults(issues: readonly Issue[], base: readonly PropertyKey[] = []): Faults {
  return issues.flatMap((issue) => faultsOf(issue, [...base, ...issue.path]));
}

function faultsOf(issue: Issue, path: readonly PropertyKey[]): Faults {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      fault([...path, key], 'This key is not known here. Remove it.', 'unknown_key'),
    );
  }
  if (issue.code === 'invalid_union') {
    // The branch that came nearest says most; with a tie, the union's own message.
    const [best, second] = issue.errors.toSorted((a, b) => a.length - b.length);
    if (best && best.length > 0 && (!second || best.length < second.length)) return toFaults(best, path);
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [fault(path, 'This is required.', 'required')];
  return [fault(path, sentence(issue.message), issue.code)];
}

function fault(path: readonly PropertyKey[], message: string, code: string): Faults[number] {
  return { pointer: jsonPointer(path), message, code };
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
