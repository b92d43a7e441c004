'use client';

import { X } from 'lucide-react';
import type { RefObject } from 'react';

import { SearchInput } from '#components/ui/search-input.tsx';
import { Button } from '#components/ui/button.tsx';

import { FlowFilter } from './flow-filter.tsx';
import { SearchHelp } from './search-help.tsx';
import { StatusFilter } from './status-filter.tsx';
import { TimeFilter } from './time-filter.tsx';
import type { RunFilterState } from './use-run-filter.ts';

export interface RunFilterBarProps {
  state: RunFilterState;
  searchInput: RefObject<HTMLInputElement | null>;
}

/** Text, flow, status and time. */
export function RunFilterBar({ state, searchInput }: RunFilterBarProps) {
  const { fields, setFields, clear, isNarrowed } = state;
  return (
    <div
      role="search"
      aria-label="Filter runs"
      className="flex flex-wrap items-center gap-2 px-4 pb-2.5 md:px-6"
    >
      <div className="flex w-full items-center gap-1 sm:w-80">
        <SearchInput
          ref={searchInput}
          aria-label="Search runs"
          placeholder="order 4711, field:value, error …"
          value={fields.q}
          onSearch={(q) => void setFields({ q, as: null })}
        />
        <SearchHelp />
      </div>
      <FlowFilter value={fields.flow} onChange={(flow) => void setFields({ flow })} />
      <StatusFilter value={fields.status} onChange={(status) => void setFields({ status })} />
      <TimeFilter
        value={fields}
        isOfEnds={fields.by === 'ended'}
        onChange={({ range, from, to }) => {
          const isAny = range === null && from === null && to === null;
          void setFields({ range, from, to, ...(isAny && { by: null }) });
        }}
      />
      {isNarrowed && (
        <Button variant="ghost" onClick={clear}>
          <X aria-hidden />
          Clear
        </Button>
      )}
    </div>
  );
}
