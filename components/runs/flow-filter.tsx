'use client';

import { useFlows } from '#components/api/flows.ts';
import { Select } from '#components/ui/select.tsx';

/** No slug, and not empty: an empty value means that nothing is chosen. */
const ALL_FLOWS = '*';

export interface FlowFilterProps {
  /** Slug; null: all flows. */
  readonly value: string | null;
  readonly onChange: (slug: string | null) => void;
}

/** The flows that there are, and the chosen one even if it has been deleted: its runs are still there. */
export function FlowFilter({ value, onChange }: FlowFilterProps) {
  const flows = useFlows();
  const known = (flows.data ?? []).map((flow) => ({ value: flow.slug, label: flow.name }));
  const isGone = value !== null && !known.some((option) => option.value === value);
  return (
    <Select
      aria-label="Flow"
      className="w-44 max-sm:w-auto max-sm:min-w-36 max-sm:flex-1"
      options={[
        { value: ALL_FLOWS, label: 'All flows' },
        ...known,
        ...(isGone ? [{ value, label: value }] : []),
      ]}
      value={value ?? ALL_FLOWS}
      onValueChange={(slug) => onChange(slug === ALL_FLOWS ? null : slug)}
    />
  );
}
