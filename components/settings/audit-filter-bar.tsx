'use client';

import { X } from 'lucide-react';
import type { RefObject } from 'react';

import { TimeFilter } from '#components/runs/time-filter.tsx';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { SearchInput } from '#components/ui/search-input.tsx';

import type { AuditViewState } from './use-audit-view.ts';

/** Text, who, what and time. */
export function AuditFilterBar({
  state,
  searchInput,
}: {
  state: AuditViewState;
  searchInput: RefObject<HTMLInputElement | null>;
}) {
  const { fields, setFields, clear, isNarrowed } = state;
  return (
    <div
      role="search"
      aria-label="Filter the audit log"
      className="flex flex-wrap items-center gap-2 border-t border-border px-4 py-2.5"
    >
      <div className="w-full sm:w-60">
        <SearchInput
          ref={searchInput}
          aria-label="Search the audit log"
          placeholder="Anything in an entry"
          value={fields.q}
          onSearch={(q) => void setFields({ q })}
        />
      </div>
      <div className="w-full sm:w-44">
        <Input
          aria-label="Who"
          placeholder="Who"
          value={fields.actor}
          onValueChange={(actor) => void setFields({ actor: actor || null })}
        />
      </div>
      <div className="w-full sm:w-44">
        <Input
          aria-label="What"
          placeholder="What, as flow.publish"
          value={fields.action}
          onValueChange={(action) => void setFields({ action: action || null })}
        />
      </div>
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
