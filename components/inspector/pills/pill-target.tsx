'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { DragEvent, ReactNode } from 'react';

import { cn } from '#components/ui/cn.ts';
import type { Json } from '#core/json.ts';

import { useActiveField } from '../active-field.tsx';
import { requestFocus } from '../focus-request.ts';
import { PATH_DRAG_TYPE } from '../path-drag.ts';
import { useSettings } from '../setting-context.tsx';
import type { FrameIds } from '../setting-frame.tsx';

export interface PillTargetProps {
  /** Default true. */
  readonly isOn: boolean;
  readonly ids: FrameIds;
  readonly onChange: (value: Json) => void;
  readonly children: ReactNode;
}

/** Lets a control that is no text, such as a number or a choice, take a pill in place of what it holds: by drop or by click. */
export function PillTarget({ isOn, ids, onChange, children }: PillTargetProps) {
  const { isReadOnly, pills } = useSettings();
  const activeField = useActiveField();
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const take = useCallback(
    (path: string) => {
      requestFocus(ids.labelledBy);
      latest.current({ $expr: path });
    },
    [ids.labelledBy],
  );
  useEffect(() => () => activeField.clear(take), [activeField, take]);
  const takes = isOn && !isReadOnly && pills !== undefined;
  const carriesPath = (event: DragEvent) => takes && event.dataTransfer.types.includes(PATH_DRAG_TYPE);
  return (
    <div
      className={cn('min-w-0 rounded-md', isOver && 'outline-2 outline-offset-1 outline-ring')}
      onFocus={takes ? () => activeField.set(take) : undefined}
      onDragOver={(event) => {
        if (!carriesPath(event)) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        setIsOver(false);
        if (!carriesPath(event)) return;
        event.preventDefault();
        take(event.dataTransfer.getData(PATH_DRAG_TYPE));
      }}
    >
      {children}
    </div>
  );
}
