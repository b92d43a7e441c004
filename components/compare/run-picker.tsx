'use client';

import { useRuns } from '#components/api/runs.ts';
import { formatExact } from '#components/ui/format-time.ts';
import { Select, type SelectOption } from '#components/ui/select.tsx';
import { STATUS_LOOK } from '#components/ui/status-badge.tsx';
import { versionInWords } from '#components/runs/run-words.ts';
import type { RunSummary } from '#core/api/runs.ts';

/** No id. */
const LAST_SUCCESS = 'last_success';

export interface RunPickerProps {
  /** Slug of the flow whose runs there are to choose from. */
  readonly flow: string;
  /** The run that it is chosen for. */
  readonly except: string;
  /** Id of the chosen run; null: the last that succeeded. */
  readonly value: string | null;
  readonly onChoose: (id: string | null) => void;
}

/** A choice of the run to compare with: the last success, or one of the newest runs of the flow. */
export function RunPicker({ flow, except, value, onChoose }: RunPickerProps) {
  const runs = useRuns({ flow });
  const known = (runs.data?.pages.flatMap((page) => page.data) ?? []).filter(({ id }) => id !== except);
  const isOlder = value !== null && !known.some(({ id }) => id === value);
  const options: SelectOption[] = [
    { value: LAST_SUCCESS, label: 'The last success' },
    ...(isOlder ? [{ value, label: `Run …${value.slice(-8)}` }] : []),
    ...known.map((run) => ({ value: run.id, ...wordsOf(run) })),
  ];
  return (
    <Select
      aria-label="Compare with"
      className="w-56 max-sm:w-full"
      options={options}
      value={value ?? LAST_SUCCESS}
      onValueChange={(id) => onChoose(id === LAST_SUCCESS ? null : id)}
    />
  );
}

function wordsOf(run: RunSummary): Pick<SelectOption, 'label' | 'hint'> {
  return {
    label: `${STATUS_LOOK[run.status].label}, ${formatExact(Date.parse(run.createdAt))}`,
    hint: `…${run.id.slice(-8)} · ${versionInWords(run.version)}`,
  };
}
