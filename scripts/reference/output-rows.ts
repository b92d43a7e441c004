import { type SchemaNode, kindOf } from './describe-schema.ts';
import { code } from './markdown.ts';

/** Rows for the fields of an output, nested ones too: its path in an expression, and its kind. */
export function outputRows(schema: SchemaNode, prefix: string, depth = 0): readonly string[][] {
  if (depth > 4) return [];
  if (schema.items) return outputRows(schema.items, `${prefix}[]`, depth + 1);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}.${name}`;
    return [[code(path), kindOf(field)], ...outputRows(field, path, depth + 1)];
  });
}
