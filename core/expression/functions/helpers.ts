import { DATE_FUNCTIONS } from './date-functions.ts';
import type { Helper } from './helper.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';

/** Our own functions by name, without the dollar; `$uuid` is in `steady.ts`, since it must be the same on each attempt. */
export const HELPERS: Readonly<Record<string, Helper>> = {
  ...DATE_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...TEXT_FUNCTIONS,
};
