import type { z } from 'zod';

import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { dataFailure } from './data-failure.ts';
import { isCharacter } from './decode-entities.ts';
import type { buildXmlInput } from './xml.ts';

type Settings = z.output<typeof buildXmlInput>;

const MAX_DEPTH = 150;
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_.-]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.-]*)?$/u;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

interface Place {
  /** As messages name it, `order.item`. */
  readonly path: string;
  readonly depth: number;
}

/** A value as an XML text. Throws `StepFailure` that names the field which cannot be one. */
export function writeXml(settings: Settings): string {
  const { declaration, indent } = settings;
  const [name, value] = rootOf(settings);
  const lines = element(name, value, { settings, at: { path: name, depth: 0 } });
  const root = lines.join(indent ? '\n' : '');
  return declaration ? `<?xml version="1.0" encoding="UTF-8"?>\n${root}` : root;
}

function rootOf({ root, value }: Settings): readonly [string, Json] {
  if (root !== undefined) return [root, value as Json];
  const fields = isJsonObject(value) ? Object.entries(value) : [];
  const [first] = fields;
  if (first !== undefined && fields.length === 1 && !Array.isArray(first[1])) return first;
  throw refuse('xml_no_root', 'An XML text has one root element. Name it, or give an object with one field.');
}

type Given = { readonly settings: Settings; readonly at: Place };

/** The lines of one element; of a list, those of each item. */
function element(name: string, value: Json, { settings, at }: Given): readonly string[] {
  if (at.depth > MAX_DEPTH)
    throw refuse('xml_too_deep', `"${at.path.slice(0, 60)}…" is nested more than ${MAX_DEPTH} levels deep.`);
  if (Array.isArray(value)) return value.flatMap((item: Json) => one(name, item, { settings, at }));
  return one(name, value, { settings, at });
}

function one(name: string, value: Json, { settings, at }: Given): readonly string[] {
  checkName(name, at.path);
  if (Array.isArray(value)) {
    const message = `"${at.path}" is a list in a list; XML has no element for the inner one.`;
    throw refuse('xml_list_in_list', message);
  }
  const pad = settings.indent ? '  '.repeat(at.depth) : '';
  if (!isJsonObject(value)) return [pad + leaf(name, '', textOf(value, at.path))];
  const attributes = attributesOf(value, { settings, at });
  const text = Object.hasOwn(value, settings.textName) ? textOf(value[settings.textName]!, at.path) : '';
  const children = childrenOf(value, { settings, at });
  if (children.length === 0) return [pad + leaf(name, attributes, text)];
  const open = `${pad}<${name}${attributes}>`;
  return [open, ...(text === '' ? [] : [text]), ...children, `${pad}</${name}>`];
}

function leaf(name: string, attributes: string, text: string): string {
  return text === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${text}</${name}>`;
}

function attributesOf(value: JsonObject, { settings, at }: Given): string {
  return Object.entries(value)
    .filter(([field, content]) => isAttribute(field, settings) && content !== null)
    .map(([field, content]) => {
      const name = field.slice(settings.attributePrefix.length);
      checkName(name, `${at.path}.${field}`);
      return ` ${name}="${textOf(content, `${at.path}.${field}`, /[&<>"\n\r\t]/g)}"`;
    })
    .join('');
}

function childrenOf(value: JsonObject, { settings, at }: Given): readonly string[] {
  return Object.entries(value)
    .filter(([field]) => !isAttribute(field, settings) && field !== settings.textName)
    .flatMap(([field, content]) =>
      element(field, content, { settings, at: { path: `${at.path}.${field}`, depth: at.depth + 1 } }),
    );
}

function isAttribute(field: string, { attributePrefix, textName }: Settings): boolean {
  return field !== textName && field.startsWith(attributePrefix) && field.length > attributePrefix.length;
}

function textOf(value: Json, path: string, escaped = /[&<>\r]/g): string {
  if (value === null) return '';
  if (typeof value === 'object') throw refuse('xml_bad_text', `"${path}" must be a text or a number.`);
  const text = String(value);
  const bad = [...text].find((character) => !isCharacter(character.codePointAt(0)!));
  if (bad === undefined) return text.replace(escaped, (sign) => ESCAPES[sign] ?? sign);
  const code = bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw refuse('xml_bad_text', `"${path}" has the character U+${code}, which XML cannot carry.`);
}

function checkName(name: string, path: string): void {
  if (NAME.test(name)) return;
  const message = `"${name}" in "${path}" cannot be the name of an element or attribute. Start with a letter; no spaces.`;
  throw refuse('xml_bad_name', message);
}

function refuse(code: string, message: string): Error {
  return dataFailure(code, message, { setting: 'value' });
}
