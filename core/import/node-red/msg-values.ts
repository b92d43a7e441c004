import type { Json } from '../../json.ts';
import { compileExpression } from '../../expression/compile.ts';
import { rootNames } from '../../expression/syntax-tree.ts';
import type { Hint } from '../hint.ts';
import { type JsNode, Unsure } from '../js/js-tree.ts';
import { literal, type Piece, whole } from '../js/jsonata-text.ts';
import { emitJs } from '../js/translate-js.ts';
import { parseJs } from '../js/parse-js.ts';
import { expr, toWrite } from '../mapped.ts';
import { type MsgData, readMsg } from './msg-data.ts';

/** Settings of a node of Node-RED as values of this flow; what is not sure is asked for at its place. */
export interface MsgValues {
  /** A typed input: its text and its type, such as `msg`, `str` or `jsonata`. */
  piece(text: Json | undefined, type: string, place: string): Piece | undefined;
  value(text: Json | undefined, type: string, place: string): Json;
  /** A Mustache template. `escapes`: `{{x}}` is made safe for HTML. */
  template(text: string, place: string, escapes: boolean): Json;
  /** A property of the message. */
  property(path: string, place: string): Json;
}

export function msgValues(msg: () => MsgData, hint: (one: Hint) => void): MsgValues {
  return {
    piece: (text, type, place) => tried(() => typed(text, type), place, text) ?? undefined,
    value(text, type, place) {
      if (type === 'str') return typeof text === 'string' ? text : '';
      const piece = tried(() => typed(text, type), place, text);
      if (piece === undefined) return toWrite(`${type} ${shown(text)}`);
      return asValue(piece);
    },
    template(text, place, escapes) {
      const made = tried(() => filled(text, escapes), place, text);
      if (made === undefined) return toWrite(text);
      return made;
    },
    property(path, place) {
      const piece = tried(() => property(path), place, `msg.${path}`);
      return piece === undefined ? toWrite(`msg.${path}`) : asValue(piece);
    },
  };

  function tried<T>(make: () => T, place: string, original: Json | undefined): T | undefined {
    try {
      return make();
    } catch (thrown) {
      if (!(thrown instanceof Unsure)) throw thrown;
      hint({
        kind: 'do',
        place,
        why: `This could not be translated for sure: ${thrown.message}.`,
        remedy: 'Write it again as an expression or a value.',
        original: shown(original).slice(0, 1_000),
      });
      return undefined;
    }
  }

  function typed(text: Json | undefined, type: string): Piece {
    const written = shown(text);
    switch (type) {
      case 'msg':
        return property(written);
      case 'str':
        return literal(written);
      case 'num':
        return literal(Number(written) || 0);
      case 'bool':
        return literal(written === 'true');
      case 'json':
        return whole(jsonLiteral(written), 'unknown');
      case 'date':
        return whole('$millis()', 'number');
      case 'jsonata':
        return whole(`(${jsonata(written)})`);
      case 'flow':
      case 'global':
        throw new Unsure('steps here keep nothing for later runs');
      case 'env':
        throw new Unsure('flows cannot read the environment; secrets belong in a connection');
      default:
        throw new Unsure(`a value of the kind “${type}” has no counterpart here`);
    }
  }

  function property(path: string): Piece {
    return emitJs(parseJs(`msg.${path}`), resolve);
  }

  function resolve(node: JsNode): Piece | undefined {
    const path: string[] = [];
    let base = node;
    for (; base.kind === 'member'; base = base.of) path.unshift(base.name);
    if (base.kind !== 'name' || base.name !== 'msg') return undefined;
    if (path.at(-1) === 'length' && path.length > 1) return undefined;
    return readMsg(msg(), path);
  }

  /** JSONata over the message, with each name that it starts from replaced by where that is found here. */
  function jsonata(source: string): string {
    if (/\$(?:flowContext|globalContext|env|moment|\$)/.test(source))
      throw new Unsure('it calls what only Node-RED has');
    const compiled = compileExpression(source);
    if (!compiled.ok) throw new Unsure(`it does not parse here: ${compiled.message}`);
    const roots = rootNames(compiled.program.ast()).toSorted((a, b) => b.end - a.end);
    return roots.reduce((text, { name, end, next }) => {
      const start = end - name.length;
      if (name.startsWith('$') && !CONTEXT.has(name.slice(1))) return text;
      if (name.startsWith('$') || text.slice(start, end) !== name)
        throw new Unsure(`“${name}” is written in a way that is not followed`);
      const read = readAny([name], next === undefined ? undefined : [name, next.name]);
      return (
        text.slice(0, start) + read.text + text.slice(read.isLong && next !== undefined ? next.end : end)
      );
    }, source);
  }

  function readAny(
    short: readonly string[],
    long: readonly string[] | undefined,
  ): { readonly text: string; readonly isLong: boolean } {
    try {
      return { text: readMsg(msg(), short).text, isLong: false };
    } catch (thrown) {
      if (long === undefined) throw thrown;
      return { text: readMsg(msg(), long).text, isLong: true };
    }
  }

  function filled(text: string, escapes: boolean): Json {
    if (/\{\{\s*[#^/>!=]/.test(text)) throw new Unsure('sections of a template are not taken over');
    const islands = /\{\{\{([^{}]+)\}\}\}|\{\{(&?)([^{}]+)\}\}/g;
    if (!islands.test(text)) return text;
    const made = text.replace(islands, (_, raw?: string, mark?: string, name?: string) => {
      const path = (raw ?? name ?? '').trim();
      if (/^(?:flow|global|env)\./.test(path))
        throw new Unsure('steps here keep nothing for later runs and cannot read the environment');
      const piece = property(path);
      const isPlain = raw !== undefined || mark === '&' || !escapes;
      return isPlain ? `{{ ${piece.text} ?? "" }}` : `{{ $escapeHtml($string(${piece.text} ?? "")) }}`;
    });
    return { $tpl: made };
  }
}

function jsonLiteral(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    throw new Unsure('it is no JSON');
  }
}

/** Names that mean something here and nothing in Node-RED. */
const CONTEXT: ReadonlySet<string> = new Set(['trigger', 'steps', 'item', 'index', 'run', 'flow', 'vars']);

/** A piece as a setting: a literal where it is one. */
export function asValue(piece: Pick<Piece, 'text'>): Json {
  return plain(piece) ?? expr(piece.text);
}

/** The literal that a piece is; undefined for one that is worked out. */
function plain(piece: Pick<Piece, 'text'>): Json | undefined {
  if (piece.text.startsWith('$') || piece.text.startsWith('(')) return undefined;
  try {
    return JSON.parse(piece.text) as Json;
  } catch {
    return undefined; // an expression: no JSON
  }
}

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
