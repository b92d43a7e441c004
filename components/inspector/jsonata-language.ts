import { StreamLanguage } from '@codemirror/language';
import type { StreamParser } from '@codemirror/language';

interface TokenState {
  /** In a template: whether the cursor is inside `{{ }}`. An expression is inside from the start. */
  isInside: boolean;
  readonly isTemplate: boolean;
}

const KEYWORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** Colours for JSONata. Only the looks: whether it is right is said by `checkExpression`. */
export const expressionLanguage = StreamLanguage.define(parserFor(false));

/** Colours for text with `{{ JSONata }}` islands. */
export const templateLanguage = StreamLanguage.define(parserFor(true));

function parserFor(isTemplate: boolean): StreamParser<TokenState> {
  return {
    name: isTemplate ? 'template' : 'jsonata',
    startState: () => ({ isInside: !isTemplate, isTemplate }),
    copyState: (state) => ({ ...state }),
    token(stream, state) {
      if (!state.isInside) return skipText(stream, state);
      if (state.isTemplate && stream.match('}}')) {
        state.isInside = false;
        return 'bracket';
      }
      return readToken(stream);
    },
    languageData: { closeBrackets: { brackets: ['(', '[', '{', '"', '`'] } },
  };
}

type Stream = Parameters<StreamParser<TokenState>['token']>[0];

function skipText(stream: Stream, state: TokenState): string | null {
  if (stream.match('{{')) {
    state.isInside = true;
    return 'bracket';
  }
  stream.next();
  while (!stream.eol() && !stream.match('{{', false)) stream.next();
  return null;
}

function readToken(stream: Stream): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^\/\*.*?(\*\/|$)/)) return 'comment';
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return 'string';
  if (stream.match(/^`[^`]*`?/)) return 'propertyName';
  if (stream.match(/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/)) return 'number';
  if (stream.match(/^\$[A-Za-z_]\w*(?=\s*\()/)) return 'keyword';
  if (stream.match(/^\$\$?\w*/)) return 'variableName';
  const word = stream.match(/^[A-Za-z_]\w*/);
  if (Array.isArray(word)) return KEYWORDS.has(word[0] ?? '') ? 'keyword' : 'propertyName';
  stream.next();
  return 'operator';
}
