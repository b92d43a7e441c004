import { z } from 'zod';

import type { FieldMeta } from '#connectors/contract.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';

export type FormWidget = NonNullable<FieldMeta['widget']> | 'object' | 'union';

/** One setting as the inspector draws it. */
export interface FormField {
  readonly name: string;
  readonly title: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly widget: FormWidget;
  /** Whether an expression may stand in place of a literal. */
  readonly allowsExpression: boolean;
  readonly isExpressionOnly: boolean;
  readonly isRequired: boolean;
  readonly isAdvanced: boolean;
  readonly showIf?: FieldMeta['showIf'];
  readonly defaultValue?: Json;
  /** For `select`. */
  readonly options?: readonly Json[];
  /** The connector's live list that it is chosen from. */
  readonly choices?: string;
  /** For `object`. */
  readonly fields?: readonly FormField[];
  /** For `union`: which setting decides, and what each of its values brings. */
  readonly discriminator?: string;
  readonly variants?: readonly FormVariant[];
  /** For `list`: what each item is. */
  readonly item?: FormField;
}

export interface FormVariant {
  readonly value: string;
  readonly title: string;
  readonly help?: string;
  readonly fields: readonly FormField[];
}

/** The form of an operation's settings, in the order of its schema. */
export function formFields(input: z.ZodObject): FormField[] {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return fieldsOf(schema as JsonObject, true);
}

/**
 * The form of a value by a JSON Schema that a person wrote. What the schema says in a way that a form cannot draw becomes
 * a field that takes anything. Null when it does not describe an object with named fields.
 */
export function schemaFields(schema: JsonObject): FormField[] | null {
  const fields = fieldsOf(drawable(schema), false);
  return fields.length > 0 ? fields : null;
}

/** The same schema with the words and kinds that forms know; what is ours alone has no meaning in it. */
function drawable(schema: JsonObject): JsonObject {
  const { title, description, type, default: standard, required, examples, enum: values } = schema;
  const options = Array.isArray(values) ? values : 'const' in schema ? [schema.const ?? null] : undefined;
  const properties = Object.entries(objectAt(schema, 'properties'));
  const [example] = Array.isArray(examples) ? (examples as readonly Json[]) : [];
  const kept = {
    title,
    help: description,
    type,
    default: standard,
    required,
    enum: options,
    placeholder: typeof example === 'string' ? example : undefined,
    expression: false,
    properties:
      properties.length === 0
        ? undefined
        : Object.fromEntries(
            properties.map(([name, part]) => [
              name,
              isJsonObject(part) ? drawable(part) : { expression: false },
            ]),
          ),
    items: isJsonObject(schema.items) ? drawable(schema.items) : undefined,
    // An object of any names and a list of anything hold what no fixed field does.
    widget:
      (type === 'object' && properties.length === 0) || (type === 'array' && !isJsonObject(schema.items))
        ? 'value'
        : undefined,
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** The fields that are shown while the settings around them have these values. */
export function shownFields(fields: readonly FormField[], values: JsonObject): FormField[] {
  return fields.filter(({ showIf }) => {
    if (!showIf) return true;
    const other = fields.find((field) => field.name === showIf.field);
    const value = values[showIf.field] ?? other?.defaultValue;
    // What an expression will decide may turn out to be any of the values.
    return isJsonObject(value) || showIf.in.some((wanted) => wanted === value);
  });
}

const ACRONYMS: ReadonlySet<string> = new Set([
  'api',
  'html',
  'http',
  'id',
  'ip',
  'json',
  'jwt',
  'url',
  'xml',
]);

/** `respondTimeoutSeconds` as `Respond timeout seconds`. */
export function humanName(name: string): string {
  const text = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => (ACRONYMS.has(word.toLowerCase()) ? word.toUpperCase() : word.toLowerCase()))
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function fieldsOf(schema: JsonObject, allowsExpression: boolean): FormField[] {
  const properties = objectAt(schema, 'properties');
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.entries(properties).flatMap(([name, property]) =>
    isJsonObject(property)
      ? [fieldOf(name, property, { allowsExpression, isRequired: required.has(name) })]
      : [],
  );
}

function fieldOf(
  name: string,
  schema: JsonObject,
  { allowsExpression, isRequired }: { allowsExpression: boolean; isRequired: boolean },
): FormField {
  const widget = widgetOf(schema);
  const allows = allowsExpression && schema.expression !== false;
  return {
    name,
    title: textAt(schema, 'title') ?? humanName(name),
    help: textAt(schema, 'help'),
    placeholder: textAt(schema, 'placeholder'),
    widget,
    allowsExpression: allows,
    isExpressionOnly: schema.expressionOnly === true,
    isRequired,
    isAdvanced: schema.advanced === true,
    showIf: showIfOf(schema.showIf),
    defaultValue: schema.default,
    choices: textAt(schema, 'choices'),
    ...partsOf(widget, schema, allows),
  };
}

function partsOf(widget: FormWidget, schema: JsonObject, allowsExpression: boolean): Partial<FormField> {
  switch (widget) {
    case 'select':
      return { options: Array.isArray(schema.enum) ? schema.enum : [] };
    case 'object':
    case 'either':
      return { fields: fieldsOf(schema, allowsExpression) };
    case 'union':
      return unionOf(schema, allowsExpression);
    case 'list': {
      const items = objectAt(schema, 'items');
      return { item: fieldOf('item', items, { allowsExpression, isRequired: true }) };
    }
    default:
      return {};
  }
}

const KNOWN_WIDGETS: ReadonlySet<string> = new Set<NonNullable<FieldMeta['widget']>>([
  'text',
  'textarea',
  'code',
  'port',
  'cron',
  'timezone',
  'flow',
  'either',
  'json',
  'expression',
  'select',
  'switch',
  'number',
  'list',
  'key_values',
  'value',
]);

function isWidget(name: Json | undefined): name is NonNullable<FieldMeta['widget']> {
  return typeof name === 'string' && KNOWN_WIDGETS.has(name);
}

function widgetOf(schema: JsonObject): FormWidget {
  if (isWidget(schema.widget)) return schema.widget;
  if (Array.isArray(schema.enum)) return 'select';
  if (discriminatorOf(schema)) return 'union';
  switch (schema.type) {
    case 'boolean':
      return 'switch';
    case 'number':
    case 'integer':
      return 'number';
    case 'string':
      return 'text';
    case 'array':
      return 'list';
    case 'object':
      return schema.properties === undefined ? 'key_values' : 'object';
    default:
      return 'value';
  }
}

function variantsIn(schema: JsonObject): JsonObject[] {
  const list = schema.oneOf ?? schema.anyOf;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** The property that has another constant in each variant. */
function discriminatorOf(schema: JsonObject): string | undefined {
  const variants = variantsIn(schema);
  const [first] = variants;
  if (!first) return undefined;
  return Object.keys(objectAt(first, 'properties')).find((name) =>
    variants.every((variant) => typeof objectAt(objectAt(variant, 'properties'), name).const === 'string'),
  );
}

function unionOf(schema: JsonObject, allowsExpression: boolean): Partial<FormField> {
  const discriminator = discriminatorOf(schema) ?? 'kind';
  const variants = variantsIn(schema).map((variant): FormVariant => {
    const value = textAt(objectAt(objectAt(variant, 'properties'), discriminator), 'const') ?? '';
    return {
      value,
      title: textAt(variant, 'title') ?? humanName(value),
      help: textAt(variant, 'help'),
      fields: fieldsOf(variant, allowsExpression).filter((field) => field.name !== discriminator),
    };
  });
  return { discriminator, variants };
}

function showIfOf(value: Json | undefined): FieldMeta['showIf'] | undefined {
  if (!isJsonObject(value) || typeof value.field !== 'string' || !Array.isArray(value.in)) return undefined;
  const wanted: readonly Json[] = value.in;
  return { field: value.field, in: wanted.filter((item) => typeof item !== 'object') };
}

function objectAt(schema: JsonObject, key: string): JsonObject {
  const value = schema[key];
  return isJsonObject(value) ? value : {};
}

function textAt(schema: JsonObject, key: string): string | undefined {
  const value = schema[key];
  return typeof value === 'string' ? value : undefined;
}
