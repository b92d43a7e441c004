'use client';

import { Button } from '#components/ui/button.tsx';
import { JsonView } from '#components/ui/json-view.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { AuditEntry } from '#core/api/audit.ts';
import { isJsonObject } from '#core/json.ts';

/** The entries as rows; what else is known of one opens beside it. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <Table>
      <TableHead>
        <TableRow>
          <TableHeader>When</TableHeader>
          <TableHeader>Who</TableHeader>
          <TableHeader>What</TableHeader>
          <TableHeader className="hidden md:table-cell">On</TableHeader>
          <TableHeader className="hidden sm:table-cell">
            <span className="sr-only">Details</span>
          </TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {entries.map((entry) => (
          <TableRow key={entry.id}>
            <TableCell className="w-px whitespace-nowrap text-muted-foreground">
              <Time at={entry.at} />
            </TableCell>
            <TableCell className="max-w-0 min-w-24 truncate" title={entry.actor}>
              {entry.actor}
            </TableCell>
            <TableCell className="w-px">
              <code className="font-mono text-xs whitespace-nowrap">{entry.action}</code>
            </TableCell>
            <TableCell className="hidden max-w-0 min-w-32 md:table-cell">
              <code className="block truncate font-mono text-xs text-muted-foreground" title={entry.resource}>
                {entry.resource}
              </code>
            </TableCell>
            <TableCell className="hidden w-px text-right sm:table-cell">
              <EntryDetail entry={entry} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function EntryDetail({ entry }: { entry: AuditEntry }) {
  if (!isJsonObject(entry.detail) || Object.keys(entry.detail).length === 0) return null;
  return (
    <Popover>
      <PopoverTrigger render={<Button size="sm" variant="ghost" aria-label={`Details of ${entry.action}`} />}>
        Details
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Details" className="w-80">
        <JsonView value={entry.detail} label="details" bare />
      </PopoverContent>
    </Popover>
  );
}
