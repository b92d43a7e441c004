'use client';

import { useQuery } from '@tanstack/react-query';

import { useSettled } from '#components/recovery/use-settled.ts';
import { JsonView } from '#components/ui/json-view.tsx';
import { evaluateExpression } from '#core/expression.ts';
import type { Json } from '#core/json.ts';

/** What an expression makes of one event, worked out in the browser as it is typed. */
export function ExpressionPreview({ expression, trigger }: { expression: string; trigger: Json }) {
  const settled = useSettled(expression);
  const outcome = useQuery({
    queryKey: ['expression-preview', settled, trigger],
    enabled: settled.trim() !== '',
    retry: false,
    gcTime: 0,
    // Null stands for no value: a query may not resolve to undefined.
    queryFn: async () =>
      (await evaluateExpression(settled, { trigger, steps: {} }, '/inputExpression')) ?? null,
  });
  if (settled.trim() === '') return <p className="text-xs text-muted-foreground">Write an expression.</p>;
  if (outcome.isError) {
    return <p className="text-xs break-words text-danger">With the first run: {outcome.error.message}</p>;
  }
  if (outcome.data === undefined) return null;
  return (
    <div className="flex flex-col gap-1">
      <p className="text-xs text-muted-foreground">With the first run that is shown, the body becomes:</p>
      <JsonView
        value={outcome.data}
        label="new body"
        bare
        className="rounded-md border border-border bg-background px-3 py-1.5 [&>div:first-child]:max-h-48"
      />
    </div>
  );
}
