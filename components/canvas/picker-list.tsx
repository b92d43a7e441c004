'use client';

import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

import { cn } from '#components/ui/cn.ts';
import { Kbd } from '#components/ui/kbd.tsx';

/** One line to choose. */
export interface PickerOption {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon?: ReactNode;
  /** Keys that do the same. */
  readonly keys?: readonly string[] | undefined;
  /** Heading above the first option of the group. */
  readonly group?: string;
}

export interface PickerListProps {
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQueryChange: (query: string) => void;
  readonly options: readonly PickerOption[];
  readonly emptyText: string;
  readonly onChoose: (id: string) => void;
  /** Escape, or Backspace in an empty field when there is a step to go back to. */
  readonly onClose: () => void;
  readonly onBack?: () => void;
}

/** A search field over a list, worked by arrow keys and Enter while focus stays in the field. */
export function PickerList(props: PickerListProps) {
  const { label, placeholder, query, onQueryChange, options, onChoose } = props;
  const listId = useId();
  const [active, setActive] = useState(0);
  const index = Math.min(active, Math.max(0, options.length - 1));
  const listRef = useActiveInView(index);
  const optionId = (at: number) => `${listId}-${at}`;
  return (
    <>
      <div className="relative border-b border-border">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-subtle-foreground"
        />
        <input
          // The picker opens because the person asked to type into it.
          autoFocus
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={options.length > 0 ? optionId(index) : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          value={query}
          placeholder={placeholder}
          className="h-10 w-full bg-transparent pr-3 pl-9 text-sm outline-none placeholder:text-subtle-foreground pointer-coarse:text-lg"
          onChange={(event) => {
            setActive(0);
            onQueryChange(event.target.value);
          }}
          onKeyDown={(event) => onListKey(event, { ...props, index, setActive })}
        />
      </div>
      <ul
        ref={listRef}
        id={listId}
        role="listbox"
        aria-label={label}
        className="nowheel max-h-80 overflow-y-auto p-1"
      >
        {options.map((option, at) => (
          <PickerRow
            key={option.id}
            id={optionId(at)}
            option={option}
            heading={option.group !== options[at - 1]?.group ? option.group : undefined}
            isActive={at === index}
            onHover={() => setActive(at)}
            onChoose={() => onChoose(option.id)}
          />
        ))}
        {options.length === 0 && (
          <li role="presentation" className="px-3 py-6 text-center text-sm text-muted-foreground">
            {props.emptyText}
          </li>
        )}
      </ul>
    </>
  );
}

type ListKeyContext = PickerListProps & {
  readonly index: number;
  readonly setActive: (index: number) => void;
};

function onListKey(event: KeyboardEvent, context: ListKeyContext): void {
  const { options, index, setActive, query, onBack, onClose, onChoose } = context;
  const last = options.length - 1;
  const chosen = options[index];
  const actions: Record<string, (() => void) | undefined> = {
    ArrowDown: () => setActive(index >= last ? 0 : index + 1),
    ArrowUp: () => setActive(index <= 0 ? last : index - 1),
    PageDown: () => setActive(Math.min(last, index + 8)),
    PageUp: () => setActive(Math.max(0, index - 8)),
    Enter: () => chosen && onChoose(chosen.id),
    Tab: onClose,
    Escape: onClose,
    Backspace: query === '' ? onBack : undefined,
  };
  const action = actions[event.key];
  if (!action || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

interface PickerRowProps {
  readonly id: string;
  readonly option: PickerOption;
  readonly heading: string | undefined;
  readonly isActive: boolean;
  readonly onHover: () => void;
  readonly onChoose: () => void;
}

function PickerRow({ id, option, heading, isActive, onHover, onChoose }: PickerRowProps) {
  return (
    <>
      {heading !== undefined && (
        <li role="presentation" className="px-2 pt-2 pb-1 text-xs font-medium text-subtle-foreground">
          {heading}
        </li>
      )}
      <li
        id={id}
        role="option"
        aria-selected={isActive}
        className={cn(
          'flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5',
          isActive && 'bg-muted',
        )}
        onPointerMove={isActive ? undefined : onHover}
        onClick={onChoose}
      >
        {option.icon}
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="truncate text-sm">{option.label}</span>
          {option.hint !== undefined && (
            <span className="truncate text-xs text-muted-foreground">{option.hint}</span>
          )}
        </span>
        {option.keys && <Kbd keys={option.keys} />}
      </li>
    </>
  );
}

function useActiveInView(index: number) {
  const listRef = useRef<HTMLUListElement>(null);
  useEffect(() => {
    listRef.current?.querySelectorAll('[role=option]')[index]?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  return listRef;
}
