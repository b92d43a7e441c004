'use client';

import { Braces, Plus } from 'lucide-react';

import { cn } from '#components/ui/cn.ts';
import { pillsInExpression, pillsInTemplate } from '#core/pills/find-pills.ts';

import type { PillsInField } from './code-field.tsx';

export interface FieldToolsProps {
  readonly kind: 'expression' | 'template';
  readonly text: string;
  readonly isOfItem: boolean;
  readonly pills: PillsInField;
  /** Id of the field's label: it says whose tools these are. */
  readonly labelledBy: string;
  readonly onInsert: () => void;
}

/** At the end of a field: the list of data, and the switch between pills and source where there are pills. */
export function FieldTools({ kind, text, isOfItem, pills, labelledBy, onInsert }: FieldToolsProps) {
  const found = kind === 'template' ? pillsInTemplate(text) : (pillsInExpression(text, isOfItem) ?? []);
  const { isSource } = pills;
  const label = isSource ? 'Show pills' : 'Show the source';
  return (
    <div className="field-tools">
      {(found.length > 0 || isSource) && (
        <button
          type="button"
          title={label}
          aria-label={label}
          aria-describedby={labelledBy}
          aria-pressed={isSource}
          className={cn('field-tool focus-ring-inset', isSource && 'bg-accent-soft text-accent-text')}
          onClick={() => pills.onSourceChange(!isSource)}
        >
          <Braces aria-hidden className="size-3.5" />
        </button>
      )}
      <button
        type="button"
        // By keyboard it is Ctrl+Space in the text: Tab goes on to the next setting.
        tabIndex={-1}
        title="Insert data (Ctrl+Space)"
        aria-label="Insert data"
        aria-describedby={labelledBy}
        className="field-tool"
        // The text keeps the place of its cursor.
        onMouseDown={(event) => event.preventDefault()}
        onClick={onInsert}
      >
        <Plus aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
