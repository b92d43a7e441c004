import { commandPromptWords } from './command-prompt-words.ts';

/** The words of one command, with what the shell would have done besides; or why it cannot be read. */
export type ShellWords =
  | {
      readonly ok: true;
      readonly words: readonly string[];
      /** Shell variables and commands in the words, which no import can know. */
      readonly substitutions: readonly string[];
      /** What follows the command on its line: a pipe, a redirect, another command. */
      readonly rest: string;
    }
  | { readonly ok: false; readonly message: string };

/**
 * Splits a command into words as a POSIX shell does, with `$'…'` of Bash. Text that was copied for the Windows command
 * prompt is recognised by its carets.
 */
export function shellWords(text: string): ShellWords {
  const lines = text.replaceAll('\r\n', '\n');
  const isCommandPrompt = /\^["\n]/.test(lines) || /^\s*curl(\.exe)?\s[^'\n]*\^/.test(lines);
  return isCommandPrompt ? commandPromptWords(lines) : posixWords(lines);
}

const ENDS_COMMAND = new Set(['|', ';', '&', '>', '<']);

function posixWords(text: string): ShellWords {
  const words: string[] = [];
  const substitutions: string[] = [];
  let word: string | undefined;
  let at = 0;
  const add = (piece: string) => (word = (word ?? '') + piece);
  const end = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    const continued = /^[\\`][ \t]*\n/.exec(text.slice(at, at + 200));
    if (continued) {
      end();
      at += continued[0].length;
    } else if (char === '\n') {
      end();
      if (words.length > 0) return { ok: true, words, substitutions, rest: text.slice(at).trim() };
      at += 1;
    } else if (char === ' ' || char === '\t') {
      end();
      at += 1;
    } else if (ENDS_COMMAND.has(char)) {
      end();
      return { ok: true, words, substitutions, rest: text.slice(at).trim() };
    } else if (char === '#' && word === undefined) {
      at = lineEnd(text, at);
    } else if (char === "'") {
      const close = text.indexOf("'", at + 1);
      if (close === -1) return unclosed(text, at, "'");
      add(text.slice(at + 1, close));
      at = close + 1;
    } else if (char === '"' || (char === '$' && text[at + 1] === '"')) {
      const start = char === '$' ? at + 1 : at;
      const quoted = doubleQuoted(text, start, substitutions);
      if (quoted === undefined) return unclosed(text, start, '"');
      add(quoted.text);
      at = quoted.end;
    } else if (char === '$' && text[at + 1] === "'") {
      const quoted = ansiQuoted(text, at + 1);
      if (quoted === undefined) return unclosed(text, at, "$'");
      add(quoted.text);
      at = quoted.end;
    } else if (char === '\\') {
      add(text.charAt(at + 1));
      at += 2;
    } else {
      const substitution = substitutionAt(text, at);
      if (substitution !== undefined) substitutions.push(substitution);
      add(substitution ?? char);
      at += substitution?.length ?? 1;
    }
  }
  end();
  return { ok: true, words, substitutions, rest: '' };
}

function doubleQuoted(
  text: string,
  open: number,
  substitutions: string[],
): { readonly text: string; readonly end: number } | undefined {
  let found = '';
  let at = open + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') return { text: found, end: at + 1 };
    if (char === '\\') {
      const next = text.charAt(at + 1);
      found += next === '\n' ? '' : '$`"\\'.includes(next) ? next : `\\${next}`;
      at += 2;
      continue;
    }
    const substitution = substitutionAt(text, at);
    if (substitution !== undefined) substitutions.push(substitution);
    found += substitution ?? char;
    at += substitution?.length ?? 1;
  }
  return undefined;
}

const PLAIN_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  v: '\v',
};

function ansiQuoted(text: string, open: number): { readonly text: string; readonly end: number } | undefined {
  let found = '';
  let at = open + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === "'") return { text: found, end: at + 1 };
    if (char !== '\\') {
      found += char;
      at += 1;
      continue;
    }
    const code = /^\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/.exec(
      text.slice(at, at + 12),
    );
    if (code) {
      const point =
        code[4] === undefined ? parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16) : parseInt(code[4], 8);
      found += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
      at += code[0].length;
    } else {
      const next = text.charAt(at + 1);
      found += PLAIN_ESCAPES[next] ?? next;
      at += 2;
    }
  }
  return undefined;
}

/** `$NAME`, `${NAME}`, `$(command)` and `` `command` ``, as they are written. */
function substitutionAt(text: string, at: number): string | undefined {
  return /^(?:\$[A-Za-z_]\w*|\$\{[^}\n]*\}|\$\([^)\n]*\)|`[^`\n]+`)/.exec(text.slice(at, at + 1_000))?.[0];
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function unclosed(text: string, at: number, quote: string): ShellWords {
  const line = text.slice(0, at).split('\n').length;
  const column = at - text.lastIndexOf('\n', at - 1);
  const where = `line ${line}, character ${column}`;
  return {
    ok: false,
    message: `The quote ${quote} that opens at ${where} is never closed. Copy the whole command.`,
  };
}
