import type { z } from 'zod';

import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

/** A reply as its schema says. Throws `StepFailure` (`unexpected_reply`), which is tried again: a vendor may have hiccups. */
export function checkedReply<S extends z.ZodType>(label: string, schema: S, reply: Json): z.output<S> {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw new StepFailure({
    kind: 'transient',
    code: 'unexpected_reply',
    message: `${label} answered in a way that is not known here: ${path.join('.') || 'the reply'}: ${message}.`,
  });
}
