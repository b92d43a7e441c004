'use client';

import { X } from 'lucide-react';

import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';

import { useSettings } from './setting-context.tsx';
import { rowProblem, type Row, type Rows } from './use-rows.ts';

export interface RowNameProps {
  /** What the name is called, for screen readers. */
  readonly label: string;
  readonly row: Row;
  readonly rows: Rows;
}

/** The name of one field of an object that is being edited, with the button that removes the field. */
export function RowName({ label, row, rows: { rows, setKey, remove } }: RowNameProps) {
  const { isReadOnly } = useSettings();
  const problem = rowProblem(rows, row);
  return (
    <>
      <div className="flex items-center gap-1">
        <Input
          className="h-7 border-transparent bg-transparent px-1.5 font-mono text-xs font-medium shadow-none hover:border-border-strong"
          aria-label={label}
          aria-invalid={problem !== null}
          placeholder="Name of the field"
          autoFocus={row.key === '' && !isReadOnly}
          readOnly={isReadOnly}
          value={row.key}
          onChange={(event) => setKey(row.id, event.target.value)}
        />
        <IconButton
          size="sm"
          label={`Remove ${row.key || 'this field'}`}
          disabled={isReadOnly}
          onClick={() => remove(row.id)}
        >
          <X />
        </IconButton>
      </div>
      {problem !== null && <p className="text-xs text-danger">{problem}</p>}
    </>
  );
}
