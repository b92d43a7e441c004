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
}

/** Lists longer than this are narrowed by typing. */
const MAX_SHOWN = 60;

/** A choice of one from a long list, with search. */
export function SearchSelect(props: SearchSelectProps) {
  const { label, options, shown, placeholder, onChoose, emptyText, isDisabled, isInvalid } = props;
  const [isOpen, setIsOpen] = useState(false);
  const [query, setQuery] = useState('');
  const open = (next: boolean) => {
    setQuery('');
    setIsOpen(next);
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
        <PickerList
          label={label}
          placeholder="Search…"
          query={query}
          onQueryChange={setQuery}
          options={matching(options, query)}
          emptyText={emptyText}
          onClose={() => open(false)}
          onChoose={(id) => {
            open(false);
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
