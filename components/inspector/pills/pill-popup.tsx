'use client';

import { Braces, CircleAlert, ListTree, Replace, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '#components/ui/button.tsx';
import { Popover, PopoverContent } from '#components/ui/popover.tsx';
import { type PillPath, writePath } from '#core/pills/pill-path.ts';

import { PillIcon } from './pill-icon.tsx';
import type { PillLook } from './pill-look.ts';

export interface PillPopupProps {
  readonly path: PillPath;
  readonly look: PillLook;
  readonly anchor: HTMLElement;
  /** Moves the focus in; else it stays in the text, where typing replaces the pill. */
  readonly takesFocus: boolean;
  readonly isReadOnly: boolean;
  readonly onClose: () => void;
  readonly onFocusBack: () => void;
  readonly onReplace: () => void;
  readonly onRemove: () => void;
  readonly onShowSource?: () => void;
  readonly onMapList?: (path: PillPath) => void;
  /** More about a field that is gone. */
  readonly children?: ReactNode;
}

/** What a pill stands for, and what can be done with it. */
export function PillPopup(props: PillPopupProps) {
  const { path, look, anchor, takesFocus, isReadOnly, onClose, onMapList, onShowSource } = props;
  return (
    <Popover
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <PopoverContent
        anchor={anchor}
        aria-label={[look.step, look.place].filter(Boolean).join(' › ')}
        initialFocus={takesFocus}
        finalFocus={() => {
          if (takesFocus) props.onFocusBack();
          return false;
        }}
        className="flex w-80 flex-col gap-2.5"
      >
        <div className="flex min-w-0 items-center gap-2">
          <PillIcon node={look.node} />
          <span className="min-w-0 truncate font-medium">{look.step}</span>
          {look.type !== undefined && (
            <span className="ml-auto shrink-0 text-xs text-subtle-foreground">{look.type}</span>
          )}
        </div>
        <code className="rounded-sm bg-muted px-1.5 py-1 font-mono text-xs break-all">{writePath(path)}</code>
        {look.problem === undefined ? (
          <p className="truncate text-xs text-muted-foreground">
            {look.sample === undefined ? 'No example of it yet.' : `For example ${look.sample}`}
          </p>
        ) : (
          <p className="flex items-start gap-1.5 text-xs text-danger">
            <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
            {look.problem}
          </p>
        )}
        {props.children}
        {!isReadOnly && (
          <div className="flex flex-wrap gap-1">
            <Button size="sm" onClick={props.onReplace}>
              <Replace /> Replace
            </Button>
            <Button size="sm" variant="danger-ghost" onClick={props.onRemove}>
              <Trash2 /> Remove
            </Button>
            {onShowSource && (
              <Button
                size="sm"
                variant="ghost"
                onClick={() => {
                  onClose();
                  onShowSource();
                }}
              >
                <Braces /> Source
              </Button>
            )}
            {look.isList && onMapList && (
              <Button
                size="sm"
                variant="ghost"
                onClick={() => {
                  onClose();
                  onMapList(path);
                }}
              >
                <ListTree /> Map over this list
              </Button>
            )}
          </div>
        )}
      </PopoverContent>
    </Popover>
  );
}
