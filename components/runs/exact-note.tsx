import type { ReactNode } from 'react';

import { Button } from '#components/ui/button.tsx';
import type { RunSummary } from '#core/api/runs.ts';

import type { RunFilterState } from './use-run-filter.ts';

/** Above runs that were found by their business key: says so, and offers to look for the text anywhere instead. */
export function ExactNote({ runs, state }: { runs: readonly RunSummary[]; state: RunFilterState }) {
  const { fields, setFields } = state;
  if (fields.as === 'text')
    return (
      <Note>
        Found as a text, anywhere.{' '}
        <Button variant="link" size="sm" onClick={() => void setFields({ as: null })}>
          Search as usual
        </Button>
      </Note>
    );
  const key = foundBy(fields.q, runs);
  if (key === null) return null;
  return (
    <Note>
      Exactly the runs of {key}.{' '}
      <Button variant="link" size="sm" onClick={() => void setFields({ as: 'text' })}>
        Look for the text anywhere
      </Button>
    </Note>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p
      role="status"
      className="border-b border-border bg-surface px-4 py-1.5 text-sm text-muted-foreground md:px-6"
    >
      {children}
    </p>
  );
}

/** The key that all of them have and that was searched for; null where they were found otherwise. */
function foundBy(q: string, runs: readonly RunSummary[]): string | null {
  const sought = q.trim().toLowerCase();
  const first = runs[0]?.businessKey;
  if (sought === '' || first?.value == null) return null;
  const value = first.value.toLowerCase();
  const isSought = sought.endsWith(value) && /^$|[\s:=#]$/.test(sought.slice(0, -value.length));
  const isAll = runs.every(({ businessKey }) => businessKey?.value?.toLowerCase() === value);
  return isSought && isAll ? `${first.name} ${first.value}` : null;
}
