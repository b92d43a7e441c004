import { z } from 'zod';

/** As many as a loop takes. */
export const MAX_ITEMS = 100_000;
/** Characters of a text that a step reads or builds; a step can pass on 5 MiB. */
export const MAX_TEXT = 4_000_000;

/** The list that an operation works on. */
export const itemsSetting = z
  .array(z.unknown())
  .max(MAX_ITEMS)
  .meta({
    title: 'Items',
    help: `A list, mostly from an earlier step; ${MAX_ITEMS.toLocaleString('en')} items at most.`,
    placeholder: 'steps.orders',
    widget: 'expression',
  });

/** The way to a field of each item. */
export const fieldSetting = z.string().max(500);

export const FIELD_HELP =
  'A name such as total, or a path such as customer.id or lines[0].sku. Left empty: the item itself.';
