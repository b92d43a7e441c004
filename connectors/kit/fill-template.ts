import { FORBIDDEN_KEYS, isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { textOf } from './text-of.ts';
import { isConditional, isSetting, type SettingRef, type Template } from './http-call.ts';

/** Writes a value in another way. Throws `StepFailure` for what it cannot write. */
export type Encoding = (value: Json, name: string) => Json;
export type Encodings = Readonly<Record<string, Encoding>>;

/** What every connector can name as `as`. */
export const ENCODINGS: Encodings = {
  /** A list as `a,b`. */
  comma: (value) => (Array.isArray(value) ? value.map(String).join(',') : value),
  /** A number or a switch as text. */
  text: textOf,
  /** Anything as its JSON text. */
  json: (value) => JSON.stringify(value),
  /** A text as its UTF-8 bytes in base64. */
  base64: (value) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64'),
};

/**
 * A template with the settings in their places; undefined where nothing is left of it. An object or list that is empty only
 * because its settings are left out is left out, too.
 */
export function fillTemplate(
  template: Template,
  settings: JsonObject,
  encodings: Encodings = ENCODINGS,
): Json | undefined {
  const fill = (part: Template): Json | undefined => {
    if (typeof part !== 'object' || part === null) return part;
    if (isSetting(part)) return valueOf(part, settings, encodings);
    if (isConditional(part)) return settings[part.$when] === undefined ? undefined : fill(part.$then);
    if (Array.isArray(part)) return fillList(part as readonly Template[], fill);
    return fillObject(part as Readonly<Record<string, Template>>, fill);
  };
  return fill(template);
}

function valueOf(
  { $setting: name, as }: SettingRef,
  settings: JsonObject,
  encodings: Encodings,
): Json | undefined {
  const value = settings[name];
  if (value === undefined || as === undefined) return value;
  const encode = encodings[as];
  if (!encode)
    throw new Error(`There is no encoding “${as}”, by which the setting “${name}” is to be written.`);
  return encode(value, name);
}

type Fill = (part: Template) => Json | undefined;

function fillList(parts: readonly Template[], fill: Fill): Json | undefined {
  const filled = parts.map(fill).filter((part) => part !== undefined);
  return filled.length === 0 && parts.length > 0 ? undefined : filled;
}

function fillObject(parts: Readonly<Record<string, Template>>, fill: Fill): Json | undefined {
  const entries = Object.entries(parts);
  const filled = entries.flatMap(([name, part]): readonly (readonly [string, Json])[] => {
    const value = fill(part);
    if (value === undefined) return [];
    return name === '...' ? spread(value, isSetting(part) ? part.$setting : '') : [[name, value]];
  });
  return filled.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(filled);
}

function spread(value: Json, name: string): readonly (readonly [string, Json])[] {
  if (value === null) return [];
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  if (isJsonObject(value) && !entries.some(([key]) => FORBIDDEN_KEYS.has(key))) return entries;
  const message = `“${name}” takes an object: names and their values.`;
  throw new StepFailure({ kind: 'invalid', code: 'invalid_settings', message, pointer: `/config/${name}` });
}
