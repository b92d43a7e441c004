import type { z } from 'zod';

/** A setting that takes a literal alone: those of triggers are read before there is any data. */
export function literal<S extends z.ZodType>(setting: S): S {
  return setting.meta({ ...setting.meta(), expression: false });
}
