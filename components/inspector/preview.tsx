'use client';

import { useEffect, useState } from 'react';

import { evaluateValue } from '#core/evaluate-value.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import type { Json, JsonObject } from '#core/json.ts';

import { describeSample } from './complete-path.ts';
import { useSettings } from './setting-context.tsx';
import { textOf } from './value-mode.ts';

type Outcome =
  { readonly kind: 'value'; readonly value: Json } | { readonly kind: 'none'; readonly reason: string };

/** What an expression or template comes to with the example data, worked out in the browser as it is typed. */
export function Preview({ value }: { value: Json | undefined }) {
  const { scope } = useSettings();
  const outcome = useOutcome(value, scope);
  if (!outcome || textOf(value).trim() === '') return null;
  if (outcome.kind === 'none') {
    return (
      <p className="truncate text-xs text-subtle-foreground" title={outcome.reason}>
        No value with the example data
      </p>
    );
  }
  const full = typeof outcome.value === 'string' ? outcome.value : JSON.stringify(outcome.value, null, 2);
  const short =
    typeof outcome.value === 'string' ? outcome.value || 'empty text' : describeSample(outcome.value);
  return (
    <p className="flex min-w-0 gap-1.5 text-xs text-muted-foreground" title={full.slice(0, 1_000)}>
      <span aria-hidden>→</span>
      <span className="truncate font-mono" data-testid="preview">
        {short}
      </span>
    </p>
  );
}

const PAUSE_MS = 200;

function useOutcome(value: Json | undefined, scope: JsonObject): Outcome | null {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const text = JSON.stringify(value);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      void evaluate(text, scope).then((next) => {
        if (isCurrent) setOutcome(next);
      });
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, scope]);
  return outcome;
}

async function evaluate(text: string | undefined, scope: JsonObject): Promise<Outcome | null> {
  if (text === undefined) return null;
  try {
    const value = await evaluateValue(JSON.parse(text) as Json, scope as unknown as ExpressionContext, '');
    return value === null
      ? { kind: 'none', reason: 'The path leads nowhere in the example.' }
      : { kind: 'value', value };
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
  }
}
