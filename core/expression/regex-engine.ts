import { RE2JS } from 're2js';

import { EXPRESSION_LIMITS } from './limits.ts';

type Matcher = ReturnType<RE2JS['matcher']>;

/** Compiled once per literal: JSONata asks for an engine each time it meets the literal. */
const compiled = new WeakMap<RegExp, RE2JS>();

let deadline = Number.POSITIVE_INFINITY;

/** Sets the time (of `Date.now`) after which matching is refused, since JSONata checks none inside `$replace` and its like. */
export function setRegexDeadline(time: number): void {
  deadline = time;
}

/** Compiles a literal for linear-time matching. Throws, in plain words, for what such an engine cannot do. */
export function compileRegex(literal: RegExp): RE2JS {
  const known = compiled.get(literal);
  if (known !== undefined) return known;
  const flags = (literal.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (literal.multiline ? RE2JS.MULTILINE : 0);
  try {
    const regex = RE2JS.compile(RE2JS.translateRegExp(literal.source), flags);
    compiled.set(literal, regex);
    return regex;
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.replace('error parsing regexp: ', '') : String(cause);
    const message = `The regular expression /${literal.source}/ cannot be used (${reason}). Look-around and back-references are not available`;
    throw new Error(message, { cause });
  }
}

/**
 * The part of `RegExp` that JSONata uses, over RE2: matching takes time linear in the text, so that no pattern can
 * hang the process. JSONata always matches globally: each `exec` goes on from `lastIndex`.
 */
export class LinearRegExp {
  lastIndex = 0;
  readonly #regex: RE2JS;
  readonly #source: string;
  #text: string | undefined;
  #matcher: Matcher | undefined;

  constructor(literal: RegExp) {
    this.#regex = compileRegex(literal);
    this.#source = literal.source;
  }

  exec(text: string): (RegExpExecArray & { index: number }) | null {
    const matcher = this.#matcherFor(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    this.lastIndex = matcher.end();
    const groups = Array.from(
      { length: matcher.groupCount() + 1 },
      (_, group) => matcher.group(group) ?? undefined,
    );
    return Object.assign(groups as [string, ...string[]], { index: matcher.start(), input: text });
  }

  #matcherFor(text: string): Matcher {
    // eslint-disable-next-line no-restricted-properties -- a limit of time, as JSONata's own; no result depends on it
    if (Date.now() > deadline) throw new Error('Matching took too long');
    if (this.#matcher !== undefined && this.#text === text) return this.#matcher;
    if (this.#regex.programSize() * text.length > EXPRESSION_LIMITS.regexWork) {
      throw new Error(`The text is too long for the regular expression /${this.#source}/`);
    }
    this.#text = text;
    this.#matcher = this.#regex.matcher(text);
    return this.#matcher;
  }
}
