import { plainNotes } from '#components/notes/note-box.ts';
import { nodeLabel } from '#components/canvas/node-ports.ts';
import type { Catalog } from '#core/catalog.ts';
import { jsonPointer } from '#core/fault.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { noteTitle } from '#core/markdown/note-title.ts';
import { type Json, isJsonObject } from '#core/json.ts';
import { isComputed, isExpression } from '#core/value.ts';

/** One place of a flow that holds a text. */
export interface FlowHit {
  /** The node that holds it; undefined for the flow's own name, description and settings. */
  readonly nodeId: string | undefined;
  /** The note that holds it; absent for all else. */
  readonly noteId?: string;
  /** What the node, or the flow, is called. */
  readonly label: string;
  /** Relative to the node (`/config/url`), else to the document (`/description`). */
  readonly pointer: string;
  /** Where it was found, in words: `url`, `body › id`, `name`. */
  readonly place: string;
  /** The text around it. */
  readonly excerpt: string;
}

/** The most hits that are looked for. */
const MOST = 100;
const AROUND = 40;

/**
 * The places of a flow that hold a text, whatever its case: names, ids, types, connections, all settings with their
 * expressions and templates, then notes, then the flow's own. At most 100, in document order.
 */
export function findInFlow(document: FlowDocument, query: string, catalog: Catalog): readonly FlowHit[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: FlowHit[] = [];
  for (const node of document.nodes) {
    hits.push(...hitsInNode(node, wanted, catalog));
    if (hits.length >= MOST) return hits.slice(0, MOST);
  }
  return [...hits, ...hitsInNotes(document, wanted), ...hitsInFlow(document, wanted)].slice(0, MOST);
}

function hitsInNotes(document: FlowDocument, wanted: string): FlowHit[] {
  return plainNotes(document).flatMap((note) => {
    const text = { pointer: jsonPointer(['notes', note.id, 'text']), place: 'text', text: note.text };
    const label = `Note: ${noteTitle(note)}`;
    return hitsAmong([text], wanted).map((hit) => ({ ...hit, nodeId: undefined, noteId: note.id, label }));
  });
}

function hitsInNode(node: FlowNode, wanted: string, catalog: Catalog): FlowHit[] {
  const label = nodeLabel(node, catalog);
  const own = [
    { pointer: '/label', place: 'name', text: label },
    { pointer: '/label', place: 'id', text: node.id },
    { pointer: '/label', place: 'type', text: node.type },
    { pointer: '/connection', place: 'connection', text: node.connection ?? '' },
  ];
  // Of name, id and type the first says it all: they lead to the same place.
  const [first] = own.filter(({ text }) => text.toLowerCase().includes(wanted));
  const texts = [...(first ? [first] : []), ...textsIn(node.config, ['config'])];
  return hitsAmong(texts, wanted).map((hit) => ({ ...hit, nodeId: node.id, label }));
}

function hitsInFlow({ name, description, settings }: FlowDocument, wanted: string): FlowHit[] {
  const texts = [
    { pointer: '/description', place: 'name', text: name },
    { pointer: '/description', place: 'description', text: description },
    ...textsIn(settings, ['settings']),
  ];
  return hitsAmong(texts, wanted).map((hit) => ({ ...hit, nodeId: undefined, label: 'Flow' }));
}

interface Text {
  readonly pointer: string;
  readonly place: string;
  readonly text: string;
}

function hitsAmong(texts: readonly Text[], wanted: string): Pick<FlowHit, 'pointer' | 'place' | 'excerpt'>[] {
  return texts.flatMap(({ pointer, place, text }) => {
    const at = text.toLowerCase().indexOf(wanted);
    return at < 0 ? [] : [{ pointer, place, excerpt: excerptOf(text, at, wanted.length) }];
  });
}

/** Every text in a value: also names of fields, numbers, and what is true or false. */
function textsIn(value: Json | undefined, path: readonly (string | number)[]): readonly Text[] {
  const text = (content: string): Text => ({
    pointer: jsonPointer(path),
    place: path.slice(1).join(' › ') || String(path[0]),
    text: content,
  });
  if (typeof value === 'string') return [text(value)];
  if (typeof value === 'number' || typeof value === 'boolean') return [text(String(value))];
  // Computed values are one setting, not a field called `$expr`.
  if (isComputed(value)) return [text(isExpression(value) ? value.$expr : String(value.$tpl))];
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(path.length > 1 ? [{ ...text(key), pointer: jsonPointer([...path, key]), place: 'a field' }] : []),
    ...textsIn(item, [...path, key]),
  ]);
}

function excerptOf(text: string, at: number, length: number): string {
  const line = text.replace(/\s+/g, ' ');
  // Shortened white space moves the place a little: near enough for some words around it.
  const from = Math.max(0, Math.min(at, line.length) - AROUND);
  const to = Math.min(line.length, at + length + AROUND);
  return `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
}
