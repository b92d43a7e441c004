'use client';

import { cn } from '#components/ui/cn.ts';
import { diffLines } from '#core/diff-flows/diff-lines.ts';
import { nodeFieldName } from '#core/diff-flows/describe-field.ts';
import type { FieldChange } from '#core/diff-flows/field-changes.ts';
import { isLongText, textOf } from '#core/diff-flows/value-words.ts';
import type { Json } from '#core/json.ts';

/** Fields with what they were and what they are; long texts, such as code, line by line. */
export function FieldTable({ fields }: { fields: readonly FieldChange[] }) {
  return (
    <dl className="flex flex-col gap-3">
      {fields.map((field) => (
        <div key={field.path.join('/')} className="flex min-w-0 flex-col gap-1">
          <dt className="font-mono text-xs font-medium break-all">{nodeFieldName(field.path)}</dt>
          <dd className="overflow-x-auto rounded-md border border-border bg-surface font-mono text-xs">
            {isLongText(field.before) || isLongText(field.after) ? (
              <Lines before={fullText(field.before)} after={fullText(field.after)} />
            ) : (
              <>
                {field.before !== undefined && <Line kind="removed" text={fullText(field.before)} />}
                {field.after !== undefined && <Line kind="added" text={fullText(field.after)} />}
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Lines({ before, after }: { before: string; after: string }) {
  return diffLines(before, after).map((line, index) => <Line key={index} {...line} />);
}

const LINE_LOOK = {
  same: { sign: ' ', classes: 'text-muted-foreground', word: '' },
  added: { sign: '+', classes: 'bg-success-soft text-success', word: 'Now: ' },
  removed: { sign: '−', classes: 'bg-danger-soft text-danger', word: 'Before: ' },
} as const;

function Line({ kind, text }: { kind: keyof typeof LINE_LOOK; text: string }) {
  const { sign, classes, word } = LINE_LOOK[kind];
  return (
    <div className={cn('flex gap-2 px-2 py-0.5 whitespace-pre-wrap', classes)}>
      <span aria-hidden className="select-none">
        {sign}
      </span>
      <span className="sr-only">{word}</span>
      <span className="min-w-0 break-all">{text}</span>
    </div>
  );
}

function fullText(value: Json | undefined): string {
  if (value === undefined) return '';
  return textOf(value) ?? JSON.stringify(value, null, 2);
}
