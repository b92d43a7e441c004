import { Unsure } from './js-tree.ts';

export type JsToken =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** Texts and the sources between them, in turn. */
  | { readonly kind: 'template'; readonly texts: readonly string[]; readonly sources: readonly string[] }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string };

const SIGNS = /^(?:===|!==|\?\?|\?\.(?!\d)|=>|==|!=|<=|>=|&&|\|\||\.\.\.|\*\*|[-+*/%<>!?:,.()[\]{};=&|^~])/;

/** Splits a JavaScript expression; throws `Unsure` at what it does not know, such as a regular expression. */
export function jsTokens(source: string): readonly JsToken[] {
  const tokens: JsToken[] = [];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const space = /^(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)/.exec(rest);
    const name = /^[A-Za-z_$][\w$]*/.exec(rest);
    const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(rest);
    const sign = SIGNS.exec(rest);
    if (space) at += space[0].length;
    else if (name) at += push({ kind: 'name', value: name[0] }, name[0].length);
    else if (number) at += push({ kind: 'number', value: Number(number[0]) }, number[0].length);
    else if (rest.startsWith('"') || rest.startsWith("'")) at += pushText(rest);
    else if (rest.startsWith('`')) at += pushTemplate(rest);
    else if (sign) at += push({ kind: 'sign', value: sign[0] }, sign[0].length);
    else throw new Unsure(`“${rest.slice(0, 10)}” is not understood`);
  }
  return tokens;

  function push(token: JsToken, length: number): number {
    tokens.push(token);
    return length;
  }

  function pushText(rest: string): number {
    const quote = rest.charAt(0);
    const found = (quote === '"' ? /^"(?:[^"\\\n]|\\[^])*"/ : /^'(?:[^'\\\n]|\\[^])*'/).exec(rest);
    if (!found) throw new Unsure('a text is never closed');
    return push({ kind: 'text', value: unescaped(found[0].slice(1, -1)) }, found[0].length);
  }

  function pushTemplate(rest: string): number {
    const texts: string[] = [''];
    const sources: string[] = [];
    let inside = 1;
    while (inside < rest.length && rest[inside] !== '`') {
      if (rest.startsWith('${', inside)) {
        const end = closingBrace(rest, inside + 2);
        sources.push(rest.slice(inside + 2, end));
        texts.push('');
        inside = end + 1;
      } else {
        const length = rest[inside] === '\\' ? 2 : 1;
        texts[texts.length - 1] += rest.slice(inside, inside + length);
        inside += length;
      }
    }
    if (inside >= rest.length) throw new Unsure('a text is never closed');
    return push({ kind: 'template', texts: texts.map(unescaped), sources }, inside + 1);
  }
}

function closingBrace(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && (depth -= 1) < 0) return at;
  }
  throw new Unsure('a brace is never closed');
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};

function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g,
    (_, unicode?: string, byte?: string, char?: string) => {
      const code = unicode ?? byte;
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      return char === '\n' ? '' : (ESCAPES[char ?? ''] ?? char ?? '');
    },
  );
}
