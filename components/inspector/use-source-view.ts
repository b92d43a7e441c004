'use client';

import { useState } from 'react';

import type { Json } from '#core/json.ts';
import { wholePill } from '#core/pills/find-pills.ts';
import { isExpression } from '#core/value.ts';

/** How a text setting is shown besides as words and pills. */
interface Shown {
  /** An expression stays one to write on, also while it is a path alone. */
  readonly asExpression: boolean;
  /** The source stands in place of the pills. */
  readonly asSource: boolean;
}

export interface SourceView extends Shown {
  readonly show: (shown: Partial<Shown>) => void;
}

/** Words and pills, until somebody asks for the expression or the source. */
export function useSourceView(): SourceView {
  const [shown, setShown] = useState<Shown>({ asExpression: false, asSource: false });
  return { ...shown, show: (next) => setShown({ ...shown, ...next }) };
}

/** True for an expression that a text setting shows as one pill, with words to be typed around it. */
export function isShownAsPill(
  value: Json | undefined,
  { asExpression }: Pick<Shown, 'asExpression'>,
): boolean {
  return isExpression(value) && !asExpression && wholePill(value.$expr) !== undefined;
}
