import type { ShellWords } from './shell-words.ts';

/**
 * Splits a command that was copied for the Windows command prompt: first the prompt's own reading (a caret takes the next
 * character as it is, and at the end of a line joins it with the next), then the program's (double quotes, `\"` within).
 */
export function commandPromptWords(text: string): ShellWords {
  return argumentWords(withoutCarets(text));
}

function withoutCarets(text: string): string {
  let found = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '^' && !isQuoted) {
      const next = text.charAt(at + 1);
      // Browsers write a line break within a text as ^, an empty line, and the rest.
      if (next === '\n' && text[at + 2] === '\n') found += '\n';
      else if (next === '\n') found += ' ';
      else found += next;
      at += next === '\n' && text[at + 2] === '\n' ? 2 : 1;
      continue;
    }
    if (char === '"') isQuoted = !isQuoted;
    found += char;
  }
  return found;
}

function argumentWords(text: string): ShellWords {
  const words: string[] = [];
  let word: string | undefined;
  let opened = -1;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const slashes = char === '\\' ? (/^\\+/.exec(text.slice(at))?.[0].length ?? 0) : 0;
    if (slashes > 0 && text[at + slashes] === '"') {
      word = (word ?? '') + '\\'.repeat(Math.floor(slashes / 2));
      at += slashes - 1;
      if (slashes % 2 === 1) {
        word += '"';
        at += 1;
      }
    } else if (char === '"') {
      word ??= '';
      opened = opened === -1 ? at : -1;
    } else if (/\s/.test(char) && opened === -1) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (opened !== -1) {
    return { ok: false, message: 'A double quote is opened but never closed. Copy the whole command.' };
  }
  if (word !== undefined) words.push(word);
  return { ok: true, words, substitutions: [], rest: '' };
}
