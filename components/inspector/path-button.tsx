'use client';

import { cn } from '#components/ui/cn.ts';
import { toast } from '#components/ui/toast.tsx';
import type { DataField } from '#core/pills/list-fields.ts';
import { writePath } from '#core/pills/pill-path.ts';

import { useActiveField } from './active-field.tsx';
import { PATH_DRAG_TYPE } from './path-drag.ts';
import { kindOfSample } from './pills/sample-kind.ts';

export interface PathButtonProps {
  readonly field: DataField;
  readonly name: string;
  /** Said in place of the example. */
  readonly hint?: string;
  readonly isTitle?: boolean;
}

/** A place in the data: a click puts it into the field used last as a pill, a drag into any. */
export function PathButton({ field, name, hint, isTitle = false }: PathButtonProps) {
  const activeField = useActiveField();
  const path = writePath(field.path);
  const { sign, label, short } = kindOfSample(field.value);
  return (
    <button
      type="button"
      draggable
      title={`${path}: ${label}`}
      aria-label={`Insert ${path}`}
      className="flex h-6 w-full min-w-0 flex-1 cursor-grab items-center gap-2 rounded-sm px-1 text-left font-mono text-xs focus-ring-inset hover:bg-muted"
      onClick={() => {
        if (!activeField.insert(path))
          toast.info('Click into a field first, then on the data that goes there.');
      }}
      onDragStart={(event) => {
        event.dataTransfer.setData(PATH_DRAG_TYPE, path);
        event.dataTransfer.setData('text/plain', path);
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      <span
        className={cn(
          'max-w-3/5 shrink-0 truncate',
          isTitle ? 'font-sans text-sm font-medium' : 'text-accent-text',
        )}
      >
        {name}
      </span>
      <span className="min-w-0 flex-1 truncate text-subtle-foreground">
        {hint !== undefined && <span className="mr-2 font-sans">{hint}</span>}
        {isTitle ? path : short}
      </span>
      <span aria-hidden className="shrink-0 text-subtle-foreground">
        {sign}
      </span>
    </button>
  );
}
