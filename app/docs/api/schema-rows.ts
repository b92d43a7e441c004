import { nameOf, type Schema } from './reference.ts';

/** A piece of a type's name; `schema` is the component that it links to. */
export interface TypePart {
  readonly text: string;
  readonly schema?: string;
}

/** One member of an object, its nested ones with their whole path: `data[].slug`. */
export interface SchemaRow {
  readonly path: string;
  readonly type: readonly TypePart[];
  readonly isRequired: boolean;
  readonly description: string;
}

/** The members of a schema, those of nested objects too; empty for what has none. */
export function schemaRows(schema: Schema, prefix = ''): SchemaRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = prefix + name;
    const row = {
      path,
      type: typeParts(member),
      isRequired: schema.required?.includes(name) ?? false,
      description: meaningOf(member),
    };
    return [row, ...nestedRows(member, path)];
  });
}

/** What a member means, and the bounds of its values. */
export function meaningOf(member: Schema): string {
  return [member.description, limits(member)].filter(Boolean).join(' ');
}

/** A type in words: `text, one of …`, `list of FlowNode`. */
export function typeParts(schema: Schema): TypePart[] {
  if (schema.$ref !== undefined) return [{ text: nameOf(schema.$ref), schema: nameOf(schema.$ref) }];
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.flatMap((option, index) => [...(index > 0 ? [OR] : []), ...typeParts(option)]);
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }];
  if (schema.enum) return [{ text: schema.enum.map((value) => JSON.stringify(value)).join(' | ') }];
  if (schema.type === 'array') return [{ text: 'list of ' }, ...typeParts(schema.items ?? {})];
  const isMap =
    schema.type === 'object' && !schema.properties && typeof schema.additionalProperties === 'object';
  if (isMap) return [{ text: 'object of ' }, ...typeParts(schema.additionalProperties)];
  return [{ text: plainType(schema) }];
}

const OR = { text: ' or ' };

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
  null: 'null',
};

function plainType({ type, format }: Schema): string {
  if (type === undefined) return 'any JSON';
  const words = [type].flat().map((name) => WORDS[name] ?? name);
  return words.join(' or ') + (format === undefined ? '' : ` (${format})`);
}

function nestedRows(member: Schema, path: string): SchemaRow[] {
  if (member.type === 'array' && member.items) return schemaRows(member.items, `${path}[].`);
  const options = member.anyOf ?? member.oneOf ?? [];
  return [member, ...options].flatMap((each) => schemaRows(each, `${path}.`));
}

function limits(schema: Schema): string {
  const said = [
    schema.minLength !== undefined && `at least ${schema.minLength} characters`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
    schema.minimum !== undefined && `at least ${schema.minimum}`,
    schema.exclusiveMinimum !== undefined && `more than ${schema.exclusiveMinimum}`,
    schema.maximum !== undefined && `at most ${schema.maximum}`,
    schema.maxItems !== undefined && `at most ${schema.maxItems} items`,
    schema.default !== undefined && `default \`${JSON.stringify(schema.default)}\``,
  ].filter((text) => text !== false);
  if (said.length === 0) return '';
  const text = said.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
