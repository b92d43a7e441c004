'use client';

import { useState } from 'react';

import type { Json } from '#core/json.ts';
import { wholePill } from '#core/pills/find-pills.ts';
import { isExpression } from '#core/value.ts';

/** What is shown as source instead of pills: the expression of a setting, or the text with its `{{ }}`. */
export interface SourceView {
  readonly of: 'expression' | 'text' | null;
  readonly show: (of: SourceView['of']) => void;
}

/** Pills, until somebody asks for the source. */
export function useSourceView(): SourceView {
  const [of, show] = useState<SourceView['of']>(null);
  return { of, show };
}

/** True for an expression that a text setting shows as one pill, with words to be typed around it. */
export function isShownAsPill(value: Json | undefined, source: SourceView): boolean {
  return isExpression(value) && source.of !== 'expression' && wholePill(value.$expr) !== undefined;
}
