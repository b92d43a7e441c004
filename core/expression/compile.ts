import jsonata from 'jsonata';

import { type ExpressionFault, checkTree } from './check-tree.ts';
import { describeError } from './describe-error.ts';
import { EXPRESSION_LIMITS } from './limits.ts';
import { type PlainPath, parsePlainPath } from './plain-path.ts';
import { LinearRegExp } from './regex-engine.ts';
import { remember } from './remember.ts';

export interface CompiledExpression {
  readonly ok: true;
  readonly source: string;
  readonly program: jsonata.Expression;
  /** Set when the expression is nothing but a path: then it is read without JSONata. */
  readonly plainPath: PlainPath | undefined;
}

export type Compilation = CompiledExpression | ({ readonly ok: false } & ExpressionFault);

/** Compiles an expression; the last thousand, right or wrong, are remembered. */
export const compileExpression: (source: string) => Compilation = remember(1_000, compile);

function compile(source: string): Compilation {
  if (source.trim() === '') return { ok: false, message: 'The expression is empty', position: 0 };
  if (source.length > EXPRESSION_LIMITS.sourceLength) {
    const message = `The expression is longer than ${EXPRESSION_LIMITS.sourceLength} characters`;
    return { ok: false, message, position: EXPRESSION_LIMITS.sourceLength };
  }
  try {
    const program = jsonata(source, {
      RegexEngine: LinearRegExp as unknown as RegExpConstructor,
      timeout: EXPRESSION_LIMITS.timeoutMs,
      stack: EXPRESSION_LIMITS.depth,
      sequence: EXPRESSION_LIMITS.sequence,
    });
    const fault = checkTree(program.ast());
    return fault === null
      ? { ok: true, source, program, plainPath: parsePlainPath(source) }
      : { ok: false, ...fault };
  } catch (error) {
    const { message, position } = describeError(error);
    return { ok: false, message, position: position ?? 0 };
  }
}
