import { type SchemaNode, kindOf } from './describe-schema.ts';
import { code, plain } from './markdown.ts';

/** Rows of the table of settings: nested ones too, as `verify.header` and `cases[].port`. */
export function settingsRows(schema: SchemaNode, prefix = '', isFixed = false): readonly string[][] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name;
    const literal = isFixed || field.expression === false;
    const row = [code(path), kindOf(field), presence(field, required.has(name)), about(field, literal)];
    return [row, ...nestedRows(field, path, literal)];
  });
}

function nestedRows(field: SchemaNode, path: string, isFixed: boolean): readonly string[][] {
  if (field.items) return nestedRows(field.items, `${path}[]`, isFixed);
  const variants = field.oneOf ?? field.anyOf;
  if (variants) return variants.flatMap((variant) => variantRows(variant, path, isFixed));
  return field.properties ? settingsRows(field, `${path}.`, isFixed) : [];
}

/** The settings that one variant brings besides the one that tells variants apart. */
function variantRows(variant: SchemaNode, path: string, isFixed: boolean): readonly string[][] {
  const fields = Object.entries(variant.properties ?? {});
  const told = fields.find(([, field]) => field.const !== undefined);
  const rest = Object.fromEntries(fields.filter(([name]) => name !== told?.[0]));
  const found = settingsRows({ ...variant, properties: rest }, `${path}.`, isFixed);
  if (told === undefined) return found;
  const [name, field] = told;
  const only = `Only with ${code(name)} ${kindOf(field)}.`;
  const rows = found.map((row) => [...row.slice(0, -1), `${row.at(-1) ?? ''} ${only}`]);
  const help = [variant.title, variant.help].filter((text) => text !== undefined).join('. ');
  return [[code(`${path}.${name}`), kindOf(field), '', plain(help)], ...rows];
}

function presence(field: SchemaNode, isRequired: boolean): string {
  if (field.default !== undefined) return code(JSON.stringify(field.default));
  return isRequired ? 'required' : '';
}

function about(field: SchemaNode, isFixed: boolean): string {
  const { title, help, expressionOnly, showIf, names, choices } = field;
  return [
    title === undefined ? '' : `**${plain(title)}.**`,
    plain(help ?? field.description ?? ''),
    showIf ? `Only with ${code(showIf.field)} ${showIf.in.map((one) => code(String(one))).join(', ')}.` : '',
    choices === undefined ? '' : 'Chosen from a live list, or typed.',
    names ? `Its expressions see ${names.map(code).join(', ')}.` : '',
    expressionOnly ? 'An expression.' : isFixed ? 'Takes no expression.' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}
