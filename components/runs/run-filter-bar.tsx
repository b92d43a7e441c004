'use client';

import { Search, X } from 'lucide-react';
import type { RefObject } from 'react';

import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Kbd } from '#components/ui/kbd.tsx';

import { FlowFilter } from './flow-filter.tsx';
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
      <div className="w-full sm:w-64">
        <Input
          ref={searchInput}
          type="search"
          aria-label="Search runs"
          placeholder="Id, error, key or body"
          icon={<Search aria-hidden />}
          after={<Kbd keys={['/']} className="mr-1.5 max-md:hidden" />}
          value={fields.q}
          onValueChange={(q) => void setFields({ q: q === '' ? null : q })}
        />
      </div>
      <FlowFilter value={fields.flow} onChange={(flow) => void setFields({ flow })} />
      <StatusFilter value={fields.status} onChange={(status) => void setFields({ status })} />
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
