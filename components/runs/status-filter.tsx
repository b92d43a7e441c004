'use client';

import { ListFilter } from 'lucide-react';

import { Button } from '#components/ui/button.tsx';
import {
  Menu,
  MenuCheckboxItem,
  MenuContent,
  MenuItem,
  MenuSeparator,
  MenuTrigger,
} from '#components/ui/menu.tsx';
import { STATUS_LOOK, StatusIcon } from '#components/ui/status-badge.tsx';
import type { RunStatus } from '#core/api/runs.ts';
import { RUN_STATUSES } from '#core/api/words.ts';

/** Picks statuses; none means all. */
export function StatusFilter(props: { value: readonly RunStatus[]; onChange: (value: RunStatus[]) => void }) {
  const { value, onChange } = props;
  return (
    <Menu>
      <MenuTrigger render={<Button aria-label={`Status: ${inWords(value)}`} />}>
        <ListFilter aria-hidden className="text-muted-foreground" />
        <span className="max-w-40 truncate">{value.length === 0 ? 'Status' : inWords(value)}</span>
      </MenuTrigger>
      <MenuContent>
        {RUN_STATUSES.map((status) => (
          <MenuCheckboxItem
            key={status}
            checked={value.includes(status)}
            closeOnClick={false}
            onCheckedChange={(checked) =>
              onChange(RUN_STATUSES.filter((other) => (other === status ? checked : value.includes(other))))
            }
          >
            <span className="flex items-center gap-2">
              <span aria-hidden>
                <StatusIcon status={status} />
              </span>
              {STATUS_LOOK[status].label}
            </span>
          </MenuCheckboxItem>
        ))}
        <MenuSeparator />
        <MenuItem disabled={value.length === 0} onClick={() => onChange([])}>
          Any status
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

function inWords(statuses: readonly RunStatus[]): string {
  if (statuses.length === 0) return 'any';
  if (statuses.length > 2) return `${statuses.length} statuses`;
  return statuses.map((status) => STATUS_LOOK[status].label).join(', ');
}
