import { z } from 'zod';

/** A setting of a trigger: those of a few names that count; left empty, all do. */
export function anyOf<const Names extends readonly [string, ...string[]]>(
  names: Names,
  { title, help }: { readonly title: string; readonly help: string },
) {
  return z
    .array(z.enum(names))
    .max(names.length)
    .optional()
    .meta({ title, help, widget: 'list', expression: false });
}

/** Whether a name is among the chosen ones. */
export function isChosen(chosen: unknown, name: unknown): boolean {
  return !Array.isArray(chosen) || chosen.length === 0 || chosen.includes(name);
}
