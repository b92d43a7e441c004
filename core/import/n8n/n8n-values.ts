import { type Json, isJsonObject } from '../../json.ts';
import { compileExpression } from '../../expression/compile.ts';
import type { Hint } from '../hint.ts';
import { Unsure } from '../js/js-tree.ts';
import { infix, literal, type Piece, whole } from '../js/jsonata-text.ts';
import { emitJs, type JsResolver } from '../js/translate-js.ts';
import { parseJs } from '../js/parse-js.ts';
import { toWrite } from '../mapped.ts';
import { isComputed } from '../../value.ts';

/** Settings of a node of n8n as values of this flow; what cannot be translated for sure is asked for at its place. */
export interface N8nValues {
  /** Any value; texts that begin with `=` hold expressions. */
  value(raw: Json | undefined, place: string): Json;
  /** A JSON text, as n8n has it in fields for JSON; with expressions in it or not. */
  json(raw: Json | undefined, place: string): Json;
  /** The same value as a piece of an expression; undefined when it was asked for. */
  piece(raw: Json | undefined, place: string): Piece | undefined;
}

type Part = string | { readonly source: string };

export function n8nValues(resolve: JsResolver, hint: (one: Hint) => void): N8nValues {
  return { value, json, piece };

  function value(raw: Json | undefined, place: string): Json {
    if (raw === undefined) return null;
    if (Array.isArray(raw)) return raw.map((item: Json, at) => value(item, `${place}[${at}]`));
    if (isComputed(raw)) return ask(place, JSON.stringify(raw), 'here this would be an expression');
    if (isJsonObject(raw)) {
      return Object.fromEntries(
        Object.entries(raw).map(([key, item]) => [key, value(item, `${place}.${key}`)]),
      );
    }
    if (typeof raw !== 'string' || !raw.startsWith('=')) return raw;
    const parts = partsOf(raw.slice(1));
    const only = parts.filter((part) => typeof part !== 'string' || part.trim() !== '');
    try {
      if (only.length === 0 || parts.every((part) => typeof part === 'string'))
        return parts.map((part) => (typeof part === 'string' ? part : '')).join('');
      const [first] = only;
      if (only.length === 1 && first !== undefined && typeof first !== 'string')
        return { $expr: checked(emit(first)) };
      return {
        $tpl: parts
          .map((part) => (typeof part === 'string' ? part : `{{ ${checked(emit(part))} }}`))
          .join(''),
      };
    } catch (thrown) {
      return ask(place, raw.slice(1), reason(thrown));
    }
  }

  function piece(raw: Json | undefined, place: string): Piece | undefined {
    if (raw === undefined || raw === null) return literal(null);
    if (typeof raw === 'object') return whole(JSON.stringify(raw), Array.isArray(raw) ? 'list' : 'object');
    if (typeof raw !== 'string' || !raw.startsWith('=')) return literal(raw);
    const parts = partsOf(raw.slice(1)).filter((part) => part !== '');
    try {
      const pieces = parts.map((part) => (typeof part === 'string' ? literal(part) : emit(part)));
      const [first = literal(''), ...rest] = pieces;
      return rest.reduce((before, next) => infix(before, '&', next, [50, 'text']), first);
    } catch (thrown) {
      ask(place, raw.slice(1), reason(thrown));
      return undefined;
    }
  }

  function json(raw: Json | undefined, place: string): Json {
    if (typeof raw !== 'string') return value(raw, place);
    const text = raw.startsWith('=') ? raw.slice(1) : raw;
    const parts = raw.startsWith('=') ? partsOf(text) : [text];
    const islands = parts.filter((part) => typeof part !== 'string');
    const [first] = islands;
    if (
      islands.length === 1 &&
      first !== undefined &&
      parts.every((part) => typeof part !== 'string' || part.trim() === '')
    ) {
      return value(`={{ ${withoutStringify(first.source)} }}`, place);
    }
    try {
      return filled(JSON.parse(withMarks(parts)) as Json);
    } catch (thrown) {
      const why = thrown instanceof Unsure ? thrown.message : 'it is no plain JSON';
      return ask(place, text, why);
    }

    /** JSON in which each island is a text that names it, whether it stands in a text or alone. */
    function withMarks(all: readonly Part[]): string {
      let isInText = false;
      let islandAt = 0;
      return all
        .map((part) => {
          if (typeof part === 'string') {
            for (const quote of part.matchAll(/\\.|"/g)) if (quote[0] === '"') isInText = !isInText;
            return part;
          }
          const mark = `\u0001${islandAt}${isInText ? 't' : 'v'}\u0001`;
          islandAt += 1;
          return isInText ? mark.replaceAll('\u0001', '\\u0001') : JSON.stringify(mark);
        })
        .join('');
    }

    function filled(found: Json): Json {
      if (Array.isArray(found)) return found.map(filled);
      if (isJsonObject(found)) {
        if (isComputed(found)) throw new Unsure('here this would be an expression');
        return Object.fromEntries(Object.entries(found).map(([key, item]) => [unmarked(key), filled(item)]));
      }
      if (typeof found !== 'string') return found;
      const alone = /^\u0001(\d+)v\u0001$/.exec(found);
      if (alone)
        return {
          $expr: checked(emit({ source: withoutStringify(islands[Number(alone[1])]?.source ?? '') })),
        };
      if (!found.includes('\u0001')) return found;
      return {
        $tpl: found.replace(
          /\u0001(\d+)t\u0001/g,
          (_, at: string) => `{{ ${checked(emit(islands[Number(at)] ?? { source: '' }))} }}`,
        ),
      };
    }

    function unmarked(key: string): string {
      if (key.includes('\u0001')) throw new Unsure('the name of a field is an expression');
      return key;
    }
  }

  function emit({ source }: { readonly source: string }): Piece {
    return emitJs(parseJs(source), resolve);
  }

  function checked({ text }: Piece): string {
    if (!compileExpression(text).ok) throw new Unsure('it has no form that is known to work here');
    return text;
  }

  function ask(place: string, original: string, why: string): Json {
    hint({
      kind: 'do',
      place,
      why: `This could not be translated for sure: ${why}.`,
      remedy: 'Write it again as an expression or a value.',
      original: original.trim().slice(0, 1_000),
    });
    return toWrite(original.trim());
  }
}

function reason(thrown: unknown): string {
  if (thrown instanceof Unsure) return thrown.message;
  throw thrown;
}

/** `JSON.stringify(x)` where JSON is expected is x itself. */
function withoutStringify(source: string): string {
  const call = /^\s*JSON\.stringify\(([^]*)\)\s*$/.exec(source);
  const inside = call?.[1];
  if (inside === undefined) return source;
  try {
    parseJs(inside);
    return inside;
  } catch {
    return source;
  }
}

/** Text and `{{ islands }}` in turn. An island ends where a whole expression does, so that braces in it are no trouble. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    let close = text.indexOf('}}', open + 2);
    if (close === -1) break;
    while (text[close + 2] === '}') close += 1;
    if (open > at) parts.push(text.slice(at, open));
    parts.push({ source: text.slice(open + 2, close) });
    at = close + 2;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}
