import { type Helper, quoted, textArgument } from './helper.ts';

const MAX_JSON_DEPTH = 200;

/** Functions over texts. */
export const TEXT_FUNCTIONS: Readonly<Record<string, Helper>> = {
  slug: (text) => (text === undefined ? undefined : slug(textArgument(text, 'The text of $slug'))),

  capitalize: (text) => {
    if (text === undefined) return undefined;
    const [first = '', ...rest] = textArgument(text, 'The text of $capitalize');
    return first.toUpperCase() + rest.join('');
  },

  truncate: (text, length, ending = '…') => {
    if (text === undefined) return undefined;
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0)
      throw new Error(`The length of $truncate must be a whole number, not ${quoted(length)}`);
    const letters = [...textArgument(text, 'The text of $truncate')];
    if (letters.length <= length) return text;
    const end = [...textArgument(ending, 'The ending of $truncate')].slice(0, length);
    return letters.slice(0, length - end.length).join('') + end.join('');
  },

  parseJson: (text) => {
    if (text === undefined) return undefined;
    return parseJson(textArgument(text, 'The text of $parseJson'));
  },

  escapeHtml: (text) => {
    if (text === undefined) return undefined;
    return textArgument(text, 'The text of $escapeHtml').replace(/[&<>"']/g, (sign) => HTML[sign] ?? sign);
  },
};

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Letters that do not come apart into a plain letter and an accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  þ: 'th',
};

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[ßæœøđłþ]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .join('-');
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`The text of $parseJson is not JSON: ${quoted(text)}`, { cause });
  }
  if (isDeeper(value, MAX_JSON_DEPTH)) throw new Error(`The JSON has more than ${MAX_JSON_DEPTH} levels`);
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}
