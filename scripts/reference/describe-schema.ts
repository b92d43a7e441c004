import { z } from 'zod';

import { code } from './markdown.ts';

/** The parts of a JSON Schema that are described, with our own metadata. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly help?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly $ref?: string;
  readonly expression?: boolean;
  readonly expressionOnly?: boolean;
  readonly names?: readonly string[];
  readonly choices?: string;
  readonly showIf?: { readonly field: string; readonly in: readonly unknown[] };
}

/** A Zod schema as it is described: what goes in, or what comes out. */
export function schemaNode(schema: z.ZodType, io: 'input' | 'output'): SchemaNode {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as SchemaNode;
}

/** What kind of value a schema takes, in few words. */
export function kindOf(node: SchemaNode): string {
  if (node.const !== undefined) return code(JSON.stringify(node.const));
  if (node.enum) return node.enum.map((value) => code(String(value))).join(' or ');
  const variants = node.oneOf ?? node.anyOf ?? variantsByType(node);
  if (variants) return isAnything(variants) ? 'any value' : [...new Set(variants.map(kindOf))].join(' or ');
  switch (node.type) {
    case 'string':
      return `text${lengthOf(node)}`;
    case 'integer':
      return `whole number${boundsOf(node)}`;
    case 'number':
      return `number${boundsOf(node)}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return listKind(node);
    case 'object':
      return objectKind(node);
    default:
      return 'any value';
  }
}

function variantsByType({ type }: SchemaNode): readonly SchemaNode[] | undefined {
  return Array.isArray(type) ? type.map((one: string) => ({ type: one })) : undefined;
}

/** Every kind that JSON has, as Zod spells "any JSON". */
function isAnything(variants: readonly SchemaNode[]): boolean {
  const kinds = new Set(variants.map(({ type }) => type));
  return ['string', 'number', 'boolean', 'null', 'array', 'object'].every((kind) => kinds.has(kind));
}

function listKind({ items, maxItems }: SchemaNode): string {
  const kind = items === undefined ? 'any value' : kindOf(items);
  const most = maxItems === undefined ? '' : `, ${maxItems.toLocaleString('en')} at most`;
  return kind === 'any value'
    ? `list${most}`
    : `list of ${kind.includes(' or ') ? `(${kind})` : kind}${most}`;
}

function objectKind({ properties, additionalProperties }: SchemaNode): string {
  if (properties && Object.keys(properties).length > 0) return 'object';
  const values = typeof additionalProperties === 'object' ? kindOf(additionalProperties) : 'any value';
  return values === 'any value' ? 'object' : `object of ${values.includes(' or ') ? `(${values})` : values}`;
}

function lengthOf({ maxLength }: SchemaNode): string {
  return maxLength === undefined ? '' : `, up to ${maxLength.toLocaleString('en')} characters`;
}

function boundsOf({ minimum, maximum, exclusiveMinimum, type }: SchemaNode): string {
  const isOpen = (bound?: number): boolean => bound === undefined || Math.abs(bound) >= 9_007_199_254_740_991;
  const least = isOpen(minimum) ? '' : ` from ${minimum?.toLocaleString('en')}`;
  const above = exclusiveMinimum === undefined || type === 'integer' ? '' : ` above ${exclusiveMinimum}`;
  const most = isOpen(maximum) ? '' : ` to ${maximum?.toLocaleString('en')}`;
  return `${least}${above}${most}`;
}
