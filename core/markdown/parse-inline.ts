import type { Inline } from './markdown.ts';

interface Span {
  readonly pieces: readonly Inline[];
  /** Where the text goes on. */
  readonly end: number;
}

/** Marks within marks, at most: more is text. */
const DEEPEST = 4;
/** How far the end of a mark is looked for, in characters: so that no text takes long. */
const LONGEST_SPAN = 2_000;
const LINK_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/**
 * Bold, italics, code, links and addresses of a text; a new line stays one. HTML is text like any other, and so is a link
 * that leads to anything but http, https or mailto.
 */
export function parseInline(text: string, depth = 0): readonly Inline[] {
  const pieces: Inline[] = [];
  let plain = '';
  let at = 0;
  const keepPlain = (): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    plain = '';
  };
  while (at < text.length) {
    const span = spanAt(text, at, depth);
    if (span) {
      keepPlain();
      pieces.push(...span.pieces);
      at = span.end;
    } else {
      // A backslash takes the meaning of the sign after it.
      if (text[at] === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) at += 1;
      plain += text[at] ?? '';
      at += 1;
    }
  }
  keepPlain();
  return pieces;
}

function spanAt(text: string, at: number, depth: number): Span | undefined {
  switch (text[at]) {
    case '\n':
      return { pieces: [{ kind: 'break' }], end: at + 1 };
    case '`':
      return codeAt(text, at);
    case '*':
    case '_':
      if (depth >= DEEPEST) return undefined;
      return emphasisAt(text, at, { depth, mark: text.slice(at, at + 2) }) ?? emphasisAt(text, at, { depth });
    case '!':
      // Pictures are links: what a note says is no reason to call another server.
      return text[at + 1] === '[' ? linkAt(text, at + 1, depth) : undefined;
    case '[':
      return linkAt(text, at, depth);
    case 'h':
      return addressAt(text, at);
    default:
      return undefined;
  }
}

function codeAt(text: string, at: number): Span | undefined {
  let fence = 1;
  while (text[at + fence] === '`') fence += 1;
  const mark = '`'.repeat(fence);
  const close = text.indexOf(mark, at + fence);
  if (close < 0) return { pieces: [{ kind: 'text', text: mark }], end: at + fence };
  const code = text.slice(at + fence, close);
  const isPadded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '';
  return { pieces: [{ kind: 'code', text: isPadded ? code.slice(1, -1) : code }], end: close + fence };
}

/** `mark`: two signs for bold, one for italics. */
function emphasisAt(
  text: string,
  at: number,
  { depth, mark = text[at] ?? '' }: { depth: number; mark?: string },
): Span | undefined {
  const sign = text[at] ?? '';
  const isBold = mark.length === 2;
  if (isBold && mark !== sign + sign) return undefined;
  const start = at + mark.length;
  // Within words an underscore is a part of the name: `order_line_id`.
  if (isBlank(text[start]) || (sign === '_' && isWord(text[at - 1]))) return undefined;
  let close = text.indexOf(mark, start + 1);
  while (close >= 0 && !closes(text, close, { sign, isBold })) {
    if (close - start > LONGEST_SPAN) return undefined;
    close = text.indexOf(mark, close + 1);
  }
  if (close < 0) return undefined;
  // `***both***`: the inner mark ends first.
  if (isBold && text[close + 2] === sign) close += 1;
  const content = parseInline(text.slice(start, close), depth + 1);
  return { pieces: [{ kind: isBold ? 'strong' : 'emphasis', content }], end: close + mark.length };
}

function closes(text: string, at: number, { sign, isBold }: { sign: string; isBold: boolean }): boolean {
  const after = text[at + (isBold ? 2 : 1)];
  if (isBlank(text[at - 1]) || (sign === '_' && isWord(after))) return false;
  return isBold || (text[at - 1] !== sign && after !== sign);
}

function linkAt(text: string, at: number, depth: number): Span | undefined {
  const middle = text.indexOf('](', at);
  if (middle < 0 || depth >= DEEPEST) return undefined;
  const label = text.slice(at + 1, middle);
  const end = closingBracket(text, middle + 2);
  const href = end < 0 ? undefined : safeAddress(text.slice(middle + 2, end).trim());
  if (href === undefined || /[[\]]/.test(label)) return undefined;
  const content = parseInline(label.trim() === '' ? href : label, depth + 1).flatMap(withoutLink);
  return { pieces: [{ kind: 'link', href, content }], end: end + 1 };
}

/** A link has no link in it: its label may be an address. */
function withoutLink(piece: Inline): readonly Inline[] {
  return piece.kind === 'link' ? piece.content : [piece];
}

/** Addresses may have brackets in them: `/wiki/Patch_(computing)`. */
function closingBracket(text: string, from: number): number {
  let open = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\n') return -1;
    if (sign === '(') open += 1;
    if (sign === ')') {
      if (open === 0) return at;
      open -= 1;
    }
  }
  return -1;
}

function addressAt(text: string, at: number): Span | undefined {
  if (!text.startsWith('http://', at) && !text.startsWith('https://', at)) return undefined;
  if (isWord(text[at - 1])) return undefined;
  const [found = ''] = /^[^\s<>"'`]+/.exec(text.slice(at, at + 2_000)) ?? [];
  let end = found.length;
  // What ends a sentence or closes a bracket is not meant.
  while (end > 0 && '.,;:!?)*_'.includes(found[end - 1] ?? ' ')) end -= 1;
  const shown = found.slice(0, end);
  const href = safeAddress(shown);
  if (href === undefined) return undefined;
  return { pieces: [{ kind: 'link', href, content: [{ kind: 'text', text: shown }] }], end: at + end };
}

function safeAddress(text: string): string | undefined {
  if (/\s/.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return LINK_PROTOCOLS.has(protocol) ? href : undefined;
}

const isBlank = (sign: string | undefined): boolean => sign === undefined || /\s/.test(sign);
const isWord = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}_]/u.test(sign);
