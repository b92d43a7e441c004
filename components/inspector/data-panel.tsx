'use client';

import { Search } from 'lucide-react';
import { memo, useDeferredValue, useMemo, useState } from 'react';

import { useEditor } from '#components/canvas/editor-context.tsx';
import { formatClock } from '#components/ui/format-time.ts';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { useNow } from '#components/ui/use-now.ts';
import type { Run } from '#core/api/runs.ts';

import { DataTree } from './data-tree.tsx';
import { PathButton } from './path-button.tsx';
import { searchData } from './pills/search-data.ts';
import type { PillFacts } from './pills/pill-look.ts';
import { Section } from './section.tsx';
import { useRecentRuns } from './use-scope.ts';
import type { SampleSource } from './use-scope.ts';

export interface DataPanelProps {
  readonly facts: PillFacts;
  /** The run that the examples come from; null when they are pinned or made up. */
  readonly run: Run | null;
  readonly samples: SampleSource;
  readonly onSamplesChange: (samples: SampleSource) => void;
}

const MAX_FOUND = 100;

/** The data that the node can use, with examples of a source that is chosen here, to search and to put into settings. */
export const DataPanel = memo(function DataPanel(props: DataPanelProps) {
  const { facts } = props;
  const [query, setQuery] = useState('');
  // Typing goes on while a large search is worked out.
  const wanted = useDeferredValue(query.trim());
  const isSearching = wanted !== '';
  const { found, left } = useMemo(
    () => (wanted === '' ? { found: [], left: 0 } : searchData(facts, wanted, MAX_FOUND)),
    [facts, wanted],
  );
  const isRunShown = useEditor((state) => state.shownRunId !== null);
  return (
    <Section title="Data" startsOpen aside={sourceInWords(props, isRunShown)}>
      <div className="flex flex-col gap-2">
        <Input
          type="search"
          icon={<Search aria-hidden />}
          aria-label="Search the data"
          placeholder="Search fields and values…"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <SourceSelect {...props} />
      </div>
      {!isSearching && <DataTree facts={facts} />}
      {isSearching && (
        <ul className="flex flex-col" aria-label="Data found">
          {found.map(({ field, look }) => (
            <li key={JSON.stringify(field.path)}>
              <PathButton
                field={field}
                name={look.place || look.step}
                hint={look.place === '' ? undefined : look.step}
              />
            </li>
          ))}
          {found.length === 0 && (
            <li className="px-1 text-xs text-muted-foreground">
              Nothing is called so, and no example has it. Run or test the steps before to see more.
            </li>
          )}
          {left > 0 && <li className="px-1 pt-1 text-xs text-subtle-foreground">{left} more: search on.</li>}
        </ul>
      )}
    </Section>
  );
});

function SourceSelect({ facts, samples, onSamplesChange }: DataPanelProps) {
  const { data: runs = [] } = useRecentRuns(facts.document);
  const hasCaptured = useEditor((state) => state.captured !== null);
  const now = useNow();
  const past = runs.map((run) => ({
    value: run.id,
    label: `the run of ${formatClock(Date.parse(run.createdAt), now)}`,
    hint: run.status === 'succeeded' ? undefined : run.status.replace('_', ' '),
  }));
  return (
    <div className="flex items-center gap-2">
      <span aria-hidden className="shrink-0 text-xs text-muted-foreground">
        Examples from
      </span>
      <Select<string>
        size="sm"
        aria-label="Examples from"
        className="min-w-0 flex-1"
        options={[
          { value: 'newest', label: hasCaptured ? 'the captured event' : 'the newest run or test' },
          { value: 'pins', label: 'pins and samples' },
          ...past,
        ]}
        value={samples}
        onValueChange={onSamplesChange}
      />
    </div>
  );
}

function sourceInWords({ run, samples }: DataPanelProps, isRunShown: boolean): string {
  if (!run) return 'examples';
  if (samples !== 'newest') return 'from a past run';
  return isRunShown ? 'from the shown run' : 'from the last run';
}
