import { z } from 'zod';

import type { FieldMeta } from './contract.ts';

/** The metadata of a setting, found through `optional()`, `default()` and other wrappers. */
export function fieldMeta(schema: z.core.$ZodType): FieldMeta {
  const own = z.globalRegistry.get(schema);
  const inner = innerOf(schema);
  return inner === undefined ? { ...own } : { ...fieldMeta(inner), ...own };
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { def } = schema._zod;
  return 'innerType' in def ? (def.innerType as z.core.$ZodType) : undefined;
}
