'use client';

import { useMemo, useState } from 'react';

import { PickerList } from '#components/canvas/picker-list.tsx';
import { Popover, PopoverContent } from '#components/ui/popover.tsx';
import { writePath } from '#core/pills/pill-path.ts';

import { PillIcon } from './pill-icon.tsx';
import type { PillFacts } from './pill-look.ts';
import { searchData } from './search-data.ts';

export interface DataPickerProps {
  readonly facts: PillFacts;
  /** The field that the data goes into. */
  readonly anchor: HTMLElement | null;
  readonly onClose: () => void;
  /** Told the path as it is written in an expression of the step. */
  readonly onChoose: (path: string) => void;
}

const MAX_SHOWN = 60;

/** The list of data for one field, to search by typing and choose from by arrow keys and Enter. */
export function DataPicker({ facts, anchor, onClose, onChoose }: DataPickerProps) {
  const [query, setQuery] = useState('');
  const { found } = useMemo(() => searchData(facts, query, MAX_SHOWN), [facts, query]);
  return (
    <Popover open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <PopoverContent
        anchor={anchor}
        className="w-(--anchor-width) min-w-72 overflow-hidden p-0"
        aria-label="Insert data"
        finalFocus={false}
      >
        <PickerList
          label="Search the data of earlier steps"
          placeholder="Search fields and values…"
          query={query}
          onQueryChange={setQuery}
          options={found.map(({ field, look }) => ({
            id: writePath(field.path),
            label: look.place === '' ? look.step : look.place,
            hint: [look.place === '' ? 'Everything' : look.step, look.sample].filter(Boolean).join(' · '),
            icon: <PillIcon node={look.node} />,
          }))}
          emptyText="No field and no value like that. Run or test the steps before to see more."
          onChoose={onChoose}
          onClose={onClose}
        />
      </PopoverContent>
    </Popover>
  );
}
