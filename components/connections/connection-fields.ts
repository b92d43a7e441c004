import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** One field of a connection, as its form shows it. */
export interface ConnectionField {
  readonly name: string;
  readonly label: string;
  readonly help: string | undefined;
  readonly placeholder: string | undefined;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly isAdvanced: boolean;
  readonly isMultiline: boolean;
  /** What holds where nothing is written. */
  readonly fallback: string | undefined;
  /** The only values that the field takes; undefined: any text. */
  readonly choices: readonly string[] | undefined;
}

/** Reads the fields out of a connector's JSON Schema: an object whose properties are texts. */
export function readConnectionFields(schema: Json): readonly ConnectionField[] {
  if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) return [];
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as readonly Json[]) : []);
  return Object.entries(schema['properties'])
    .filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
    .map(([name, property]) => readField(name, property, required.has(name)));
}

function readField(name: string, property: JsonObject, isRequired: boolean): ConnectionField {
  const choices = property['enum'];
  return {
    name,
    label: text(property['title']) ?? name,
    help: text(property['help']) ?? text(property['description']),
    placeholder: text(property['placeholder']),
    isSecret: property['secret'] === true,
    isRequired: isRequired && property['default'] === undefined,
    isAdvanced: property['advanced'] === true,
    isMultiline: property['widget'] === 'textarea' || property['widget'] === 'code',
    fallback: text(property['default']),
    choices: Array.isArray(choices) ? choices.filter((choice) => typeof choice === 'string') : undefined,
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The fields to send for a new connection: those that were filled in. */
export function filledFields(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
