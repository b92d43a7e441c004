import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { z } from 'zod';

import { emptyObject, type Json } from '#core/json.ts';
import { dataFailure } from './data-failure.ts';
import { decodeEntities } from './decode-entities.ts';
import { guessValue } from './guess-value.ts';
import type { parseXmlInput } from './xml.ts';

type Settings = z.output<typeof parseXmlInput>;

/** A node as the parser gives it: one key for the element, `:@` for its attributes; `#text` and `#cdata` for text. */
type ParsedNode = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 150;
/** What may stand before the root element: white space, comments, instructions. */
const PROLOG = /(?:\s|<!--[\s\S]*?-->|<\?[\s\S]*?\?>)*/y;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Entities are decoded here, where text and CDATA can be told apart; those that a document declares are refused.
  processEntities: false,
  cdataPropName: '#cdata',
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
});

/** An XML text as an object with one field, the root element. Throws `StepFailure` that names line and column. */
export function readXml(settings: Settings): Json {
  const text = settings.text.replace(/^\uFEFF/, '').trim();
  refuseDoctype(text);
  refuseInvalid(text);
  const roots = parse(text).filter((node) => nameIn(node) !== undefined);
  const [root] = roots;
  if (root === undefined || roots.length > 1)
    throw invalid(root === undefined ? 'The text has no element' : 'The text has more than one root element');
  const name = nameOf(root, settings);
  const found = emptyObject();
  found[name] = elementValue(root, name, settings);
  return found;
}

/** Document types can declare entities that grow without end or read files. No message of an API needs one. */
function refuseDoctype(text: string): void {
  PROLOG.lastIndex = 0;
  const start = PROLOG.exec(text)?.[0].length ?? 0;
  if (!/^<!DOCTYPE/i.test(text.slice(start, start + 9))) return;
  const message =
    'The text has a document type (<!DOCTYPE …>), which is not read, since it can declare entities. Take it out.';
  throw dataFailure('xml_doctype', message, { setting: 'text' });
}

function refuseInvalid(text: string): void {
  const result = XMLValidator.validate(text);
  if (result === true) return;
  const { msg, line, col } = result.err;
  const reason = msg.length > 200 ? `${msg.slice(0, 200)}…` : msg.replace(/\.$/, '');
  throw invalid(`Line ${line}, column ${col ?? 1}: ${reason}`);
}

function parse(text: string): readonly ParsedNode[] {
  try {
    return parser.parse(text) as readonly ParsedNode[];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const [, reserved] = /^\[SECURITY\] Invalid name: ("[^"]*")/.exec(reason) ?? [];
    const message = reason.includes('nested')
      ? `The elements are nested more than ${MAX_DEPTH} levels deep`
      : reserved === undefined
        ? reason
        : `${reserved} is not taken as the name of an element or attribute`;
    throw invalid(message);
  }
}

function elementValue(node: ParsedNode, path: string, settings: Settings): Json {
  const value = emptyObject();
  for (const [name, text] of Object.entries((node[':@'] ?? {}) as Record<string, string>)) {
    const field = localName(name, settings);
    if (settings.namespaces === 'drop' && /^xmlns(?::|$)/.test(name)) continue;
    value[settings.attributePrefix + field] = textValue(decoded(text), settings);
  }
  const children = (node[nameIn(node)!] ?? []) as readonly ParsedNode[];
  const own = children.map(textOf).join('').trim();
  for (const child of children) addChild(value, child, { path, settings });
  if (Object.keys(value).length === 0) return textValue(own, settings);
  if (own !== '') value[settings.textName] = textValue(own, settings);
  return value;
}

function addChild(
  value: Record<string, Json>,
  child: ParsedNode,
  { path, settings }: { readonly path: string; readonly settings: Settings },
): void {
  if (nameIn(child) === undefined) return;
  const name = nameOf(child, settings);
  const childPath = `${path}.${name}`;
  const item = elementValue(child, childPath, settings);
  const known = Object.hasOwn(value, name) ? value[name] : undefined;
  const isList = settings.lists.includes(name) || settings.lists.includes(childPath);
  if (Array.isArray(known)) (known as Json[]).push(item);
  else if (known !== undefined) value[name] = [known, item];
  else value[name] = isList ? [item] : item;
}

/** The element's name; undefined for text. */
function nameIn(node: ParsedNode): string | undefined {
  return Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'));
}

function nameOf(node: ParsedNode, settings: Settings): string {
  return localName(nameIn(node)!, settings);
}

function localName(name: string, { namespaces }: Settings): string {
  return namespaces === 'drop' ? name.slice(name.indexOf(':') + 1) : name;
}

/** What a child adds to the text of its element: CDATA as it stands. */
function textOf(node: ParsedNode): string {
  if (typeof node['#text'] === 'string') return decoded(node['#text']);
  const parts = (node['#cdata'] ?? []) as readonly ParsedNode[];
  return parts.map((part) => (typeof part['#text'] === 'string' ? part['#text'] : '')).join('');
}

function decoded(text: string): string {
  const { value, unknown } = decodeEntities(text);
  if (unknown === undefined) return value;
  throw invalid(
    `"${unknown.slice(0, 30)}" stands for nothing: XML knows &amp; &lt; &gt; &quot; &apos; and numbers`,
  );
}

function textValue(text: string, { values }: Settings): Json {
  return values === 'guess' ? guessValue(text) : text;
}

function invalid(reason: string): Error {
  return dataFailure('xml_invalid', `${reason}.`, { setting: 'text' });
}
