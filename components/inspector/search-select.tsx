'use client';

import { ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';

import { PickerList } from '#components/canvas/picker-list.tsx';
import type { PickerOption } from '#components/canvas/picker-list.tsx';
import { cn } from '#components/ui/cn.ts';
import { controlClasses } from '#components/ui/input.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';

export interface SearchSelectProps {
  readonly label: string;
  readonly options: readonly PickerOption[];
  /** What is shown for the chosen one; a placeholder while it is empty. */
  readonly shown: string;
  readonly placeholder: string;
  readonly onChoose: (id: string) => void;
  readonly emptyText: string;
  readonly isDisabled?: boolean;
  readonly isInvalid?: boolean;
  readonly describedBy?: string;
  /** Default “Search…”. */
  readonly searchPlaceholder?: string;
  /** Said above the options. */
  readonly note?: string;
  readonly onOpenChange?: (isOpen: boolean) => void;
  /** Told of what is typed; then whoever is told narrows the options. */
  readonly onQueryChange?: (query: string) => void;
  /** Whether the list stays open when this one is chosen. */
  readonly staysOpen?: (id: string) => boolean;
}

/** Lists longer than this are narrowed by typing. */
const MAX_SHOWN = 60;

/** A choice of one from a long list, with search. */
export function SearchSelect(props: SearchSelectProps) {
  const { label, options, shown, placeholder, onChoose, emptyText, isDisabled, isInvalid } = props;
  const [isOpen, setIsOpen] = useState(false);
  const [query, setQuery] = useState('');
  const search = (next: string) => {
    setQuery(next);
    props.onQueryChange?.(next);
  };
  const open = (next: boolean) => {
    search('');
    setIsOpen(next);
    props.onOpenChange?.(next);
  };
  return (
    <Popover open={isOpen} onOpenChange={open}>
      <PopoverTrigger
        disabled={isDisabled}
        aria-label={`${label}: ${shown || placeholder}`}
        aria-describedby={props.describedBy}
        aria-invalid={isInvalid}
        className={cn(
          controlClasses,
          'flex h-8 cursor-pointer items-center justify-between gap-2 px-2.5 text-left text-sm hover:bg-muted disabled:opacity-60 data-[popup-open]:bg-muted pointer-coarse:h-10',
        )}
      >
        <span className={cn('truncate', shown === '' && 'text-subtle-foreground')}>
          {shown || placeholder}
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-subtle-foreground" />
      </PopoverTrigger>
      <PopoverContent className="w-(--anchor-width) min-w-64 overflow-hidden p-0" aria-label={label}>
        {props.note !== undefined && options.length > 0 && (
          <p className="border-b border-border px-3 py-2 text-xs text-muted-foreground">{props.note}</p>
        )}
        <PickerList
          label={label}
          placeholder={props.searchPlaceholder ?? 'Search…'}
          query={query}
          onQueryChange={search}
          options={props.onQueryChange ? options : matching(options, query)}
          emptyText={emptyText}
          onClose={() => open(false)}
          onChoose={(id) => {
            if (props.staysOpen?.(id) !== true) open(false);
            onChoose(id);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

function matching(options: readonly PickerOption[], query: string): readonly PickerOption[] {
  const words = query
    .toLowerCase()
    .split(/[\s_/]+/)
    .filter(Boolean);
  const found = options.filter(({ label, hint = '' }) => {
    const text = `${label} ${hint}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return found.slice(0, MAX_SHOWN);
}
