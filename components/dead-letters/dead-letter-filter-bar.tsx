'use client';

import { X } from 'lucide-react';
import type { RefObject } from 'react';

import { FlowFilter } from '#components/runs/flow-filter.tsx';
import { TimeFilter } from '#components/runs/time-filter.tsx';
import { Button } from '#components/ui/button.tsx';
import { SearchInput } from '#components/ui/search-input.tsx';
import { Select } from '#components/ui/select.tsx';

import type { DeadLetterViewState } from './use-dead-letter-view.ts';

const STATES = [
  { value: 'open', label: 'Open' },
  { value: 'redriven', label: 'Redriven' },
  { value: 'discarded', label: 'Discarded' },
  { value: 'all', label: 'All' },
] as const;

export interface DeadLetterFilterBarProps {
  readonly state: DeadLetterViewState;
  readonly searchInput: RefObject<HTMLInputElement | null>;
}

/** Flow and time; of a list text and state, too. */
export function DeadLetterFilterBar({ state, searchInput }: DeadLetterFilterBarProps) {
  const { fields, setFields, isList, isNarrowed, clear } = state;
  return (
    <div
      role="search"
      aria-label="Filter dead letters"
      className="flex flex-wrap items-center gap-2 px-4 pb-2.5 md:px-6"
    >
      {isList && (
        <div className="w-full sm:w-64">
          <SearchInput
            ref={searchInput}
            aria-label="Search dead letters"
            placeholder="Id, error, key or body"
            value={fields.q}
            onSearch={(q) => void setFields({ q }, { history: 'replace' })}
          />
        </div>
      )}
      <FlowFilter value={fields.flow} onChange={(flow) => void setFields({ flow })} />
      {isList && (
        <Select
          aria-label="State"
          className="w-32"
          options={STATES}
          value={fields.state}
          onValueChange={(next) => void setFields({ state: next })}
        />
      )}
      <TimeFilter value={fields} onChange={({ range, from, to }) => void setFields({ range, from, to })} />
      {isNarrowed && (
        <Button variant="ghost" onClick={clear}>
          <X aria-hidden />
          Clear
        </Button>
      )}
    </div>
  );
}
