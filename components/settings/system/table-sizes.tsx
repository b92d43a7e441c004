'use client';

import { useState } from 'react';

import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { SystemTable } from '#core/api/system.ts';

import { bytesInWords, isBloated } from './system-words.ts';

/** The first of them hold nearly everything. */
const FIRST = 8;

/** Tables by size, with what vacuum has yet to do. */
export function TableSizes({ tables }: { tables: readonly SystemTable[] }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? tables : tables.slice(0, FIRST);
  return (
    <>
      <Table aria-label="Tables by size" className="border-t border-border">
        <TableHead>
          <TableRow>
            <TableHeader>Table</TableHeader>
            <TableHeader className="text-right">Size</TableHeader>
            <TableHeader className="text-right">Rows, about</TableHeader>
            <TableHeader className="hidden text-right sm:table-cell">Dead rows</TableHeader>
            <TableHeader className="hidden sm:table-cell">Vacuumed</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map((table) => (
            <TableRow key={table.name}>
              <TableCell className="max-w-0 min-w-24 truncate" title={table.name}>
                <code className="font-mono text-xs">{table.name}</code>
              </TableCell>
              <TableCell className="text-right whitespace-nowrap tabular-nums">
                {bytesInWords(table.bytes)}
              </TableCell>
              <TableCell className="text-right tabular-nums">{table.rows.toLocaleString('en')}</TableCell>
              <TableCell
                className={cn(
                  'hidden text-right tabular-nums sm:table-cell',
                  isBloated(table) ? 'font-medium text-warning' : 'text-muted-foreground',
                )}
              >
                {table.deadRows.toLocaleString('en')}
              </TableCell>
              <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
                {table.vacuumedAt === null ? 'never' : <Time at={table.vacuumedAt} />}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {tables.length > FIRST && (
        <div className="border-t border-border px-2 py-1.5">
          <Button variant="ghost" size="sm" onClick={() => setAll(!isAll)}>
            {isAll ? 'Show the largest' : `Show all ${tables.length} tables`}
          </Button>
        </div>
      )}
    </>
  );
}
