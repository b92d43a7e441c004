import { FORBIDDEN_KEYS, type Json, isJsonObject } from '../../json.ts';
import { isComputed, isExpression, isTemplate } from '../../value.ts';
import { parseTemplate } from '../../template.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { expr } from '../mapped.ts';
import { many, one } from './item-data.ts';
import { askValue, becomes, type N8nMapping, type N8nNode } from './n8n-node.ts';
import type { N8nValues } from './n8n-values.ts';

interface Assignment {
  readonly name: string;
  readonly type: string;
  readonly value: Json | undefined;
}

/** Set, or Edit Fields: fields of its own, alone or added to those that come in. Of a list, each item. */
export const set: N8nMapping = (node) => {
  const input = node.input();
  const isList = input.kind === 'many';
  const values = isList ? node.itemValues : node.values;
  const own = ownFields(node, values);
  const kept = keeps(node);
  const data = isList ? many(`steps.${node.id}`) : one(`steps.${node.id}`);
  if (!isList && kept === 'none') return becomes(node, 'core.map', { output: own }, data);
  const fields = valueText(own);
  const before = isList
    ? '$item'
    : input.kind === 'one' && input.fields === undefined
      ? input.text
      : undefined;
  if (fields === undefined || before === undefined) {
    if (fields !== undefined) node.values.value('={{ $json }}', 'Fields that come in');
    return becomes(node, 'core.map', { output: own }, data);
  }
  const included = includedFields(node, before, kept);
  const item = kept === 'none' ? fields : `$merge([${included}, ${fields}])`;
  const output = isList ? `[$map(${input.text}, function($item) { ${item} })]` : item;
  return becomes(node, 'core.map', { output: expr(output) }, data);
};

function keeps({ parameters, version }: N8nNode): 'none' | 'all' | 'selected' | 'except' {
  if (version < 3) return at(parameters, 'keepOnlySet') === true ? 'none' : 'all';
  const isKept = at(parameters, 'includeOtherFields');
  if (version >= 3.3 && isKept !== true) return 'none';
  const include = textAt(parameters, ['include'], 'all');
  return include === 'none' || include === 'selected' || include === 'except' ? include : 'all';
}

function includedFields({ parameters }: N8nNode, before: string, kept: ReturnType<typeof keeps>): string {
  const names = textAt(parameters, [kept === 'selected' ? 'includeFields' : 'excludeFields'])
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (kept === 'selected') return `$pick(${before}, ${JSON.stringify(names)})`;
  return kept === 'except' ? `$omit(${before}, ${JSON.stringify(names)})` : before;
}

function ownFields(node: N8nNode, values: N8nValues): Json {
  const { parameters, version } = node;
  if (textAt(parameters, ['mode'], 'manual') === 'raw')
    return values.json(at(parameters, 'jsonOutput'), 'JSON');
  const dots = at(parameters, 'options', 'dotNotation') !== false;
  const fields: Record<string, Json> = {};
  for (const { name, type, value } of assignments(parameters, version)) {
    if (name.startsWith('=') || name === '') {
      askValue(
        node,
        'Fields',
        'A name that is an expression is not taken over.',
        'Write the name as it is.',
        name,
      );
      continue;
    }
    const read =
      type === 'object' || type === 'array'
        ? values.json(value, `Field ${name}`)
        : typed(values.value(value, `Field ${name}`), type);
    put(fields, dots ? name.split('.') : [name], read);
  }
  return fields;
}

function assignments(parameters: Json, version: number): readonly Assignment[] {
  if (version >= 3.3) {
    return objectsAt(parameters, 'assignments', 'assignments').map((one) => ({
      name: textAt(one, ['name']),
      type: textAt(one, ['type'], 'string'),
      value: one['value'],
    }));
  }
  if (version >= 3) {
    return objectsAt(parameters, 'fields', 'values').map((one) => {
      const type = textAt(one, ['type'], 'stringValue');
      return { name: textAt(one, ['name']), type: type.replace('Value', ''), value: one[type] };
    });
  }
  const values = at(parameters, 'values');
  if (!isJsonObject(values)) return [];
  return Object.keys(values).flatMap((type) =>
    objectsAt(values, type).map((one) => ({ name: textAt(one, ['name']), type, value: one['value'] })),
  );
}

/** n8n turns a value into the type that the field has. */
function typed(value: Json, type: string): Json {
  if (type === 'number' && typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
    return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

function put(fields: Record<string, Json>, [first = '', ...rest]: readonly string[], value: Json): void {
  if (FORBIDDEN_KEYS.has(first)) return;
  if (rest.length === 0) {
    fields[first] = value;
    return;
  }
  const inner = fields[first];
  const object: Record<string, Json> = isJsonObject(inner) && !isComputed(inner) ? { ...inner } : {};
  put(object, rest, value);
  fields[first] = object;
}

/** A value of this flow as one expression; undefined when part of it is still to be written. */
export function valueText(value: Json): string | undefined {
  if (isExpression(value))
    return value.$expr.trim() === '' || value.$expr.startsWith('/*') ? undefined : value.$expr;
  if (isTemplate(value)) return templateText(value.$tpl);
  if (Array.isArray(value))
    return listed(
      value.map((item: Json) => valueText(item)),
      '[',
      ']',
    );
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, item]) => {
    const text = valueText(item);
    return text === undefined ? undefined : `${JSON.stringify(key)}: ${text}`;
  });
  return listed(fields, '{', '}');
}

function listed(parts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(', ')}${close}`;
}

function templateText(text: string): string | undefined {
  const template = parseTemplate(text);
  if (!template.ok) return undefined;
  return template.parts
    .map((part) => (part.kind === 'text' ? JSON.stringify(part.text) : `(${part.source.trim()})`))
    .join(' & ');
}
