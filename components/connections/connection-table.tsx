'use client';

import { Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';

import { isHolding, useBreakers } from '#components/api/breakers.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { MenuItem, MenuSeparator } from '#components/ui/menu.tsx';
import { RowMenu, RowMenuHeader } from '#components/ui/row-menu.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import { budgetInWords, reasonInWords, waitingInWords } from './breaker-words.ts';
import { findConnector } from './find-connector.ts';
import type { Breaker } from '#core/api/breakers.ts';
import type { Connection } from '#core/api/workspace.ts';

export interface ConnectionTableProps {
  connections: readonly Connection[];
  onEdit: (connection: Connection) => void;
  onDelete: (connection: Connection) => void;
}

/** The connections as rows. */
export function ConnectionTable({ connections, onEdit, onDelete }: ConnectionTableProps) {
  const breakers = useBreakers();
  return (
    <Table>
      <TableHead>
        <TableRow>
          <TableHeader className="md:first:pl-6">Name</TableHeader>
          <TableHeader className="hidden sm:table-cell">Kind</TableHeader>
          <TableHeader className="hidden lg:table-cell">Fields set</TableHeader>
          <TableHeader className="hidden md:table-cell">Used by</TableHeader>
          <TableHeader className="hidden xl:table-cell">Last used</TableHeader>
          <RowMenuHeader />
        </TableRow>
      </TableHead>
      <TableBody>
        {connections.map((connection) => (
          <ConnectionRow
            key={connection.slug}
            connection={connection}
            breaker={breakers.data?.data.find((each) => each.connection === connection.slug)}
            onEdit={() => onEdit(connection)}
            onDelete={() => onDelete(connection)}
          />
        ))}
      </TableBody>
    </Table>
  );
}

interface RowProps {
  connection: Connection;
  breaker: Breaker | undefined;
  onEdit: () => void;
  onDelete: () => void;
}

function ConnectionRow({ connection, breaker, onEdit, onDelete }: RowProps) {
  const kind = findConnector(connection.connector)?.label ?? connection.connector;
  return (
    <TableRow className="hover:bg-muted/60">
      <TableCell className="max-w-0 min-w-40 py-2 md:first:pl-6">
        <span className="block truncate font-medium" title={connection.name}>
          {connection.name}
        </span>
        <span className="block truncate font-mono text-xs text-subtle-foreground" title={connection.slug}>
          {connection.slug}
        </span>
        <span className="mt-1 block text-xs text-muted-foreground sm:hidden">{kind}</span>
        <Traffic connection={connection} breaker={breaker} />
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
        {kind}
      </TableCell>
      <TableCell className="hidden w-px lg:table-cell">
        <span className="flex max-w-64 flex-wrap gap-1">
          {connection.fields.map((field) => (
            <Badge key={field} tone="outline" className="font-mono">
              {field}
            </Badge>
          ))}
        </span>
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap md:table-cell">
        <UsedBy slugs={connection.usedBy} />
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground xl:table-cell">
        {connection.lastUsedAt === null ? 'Never' : <Time at={connection.lastUsedAt} />}
      </TableCell>
      <TableCell className="w-12">
        <ConnectionMenu connection={connection} onEdit={onEdit} onDelete={onDelete} />
      </TableCell>
    </TableRow>
  );
}

/** What keeps calls from leaving as they come; nothing as a rule. */
function Traffic({ connection: { budget }, breaker }: Pick<RowProps, 'connection' | 'breaker'>) {
  const isHeld = breaker !== undefined && isHolding(breaker);
  if (!isHeld && budget === null) return null;
  const inLine = breaker?.budget?.waitingSteps ?? 0;
  return (
    <span className="mt-1 flex flex-wrap gap-1">
      {isHeld && (
        <Badge tone="warning" title={reasonInWords(breaker)}>
          {['Held back', waitingInWords(breaker.waitingSteps)].filter(Boolean).join(', ')}
        </Badge>
      )}
      {budget !== null && (
        <Badge tone="outline">
          {[budgetInWords(budget), waitingInWords(inLine)].filter(Boolean).join(', ')}
        </Badge>
      )}
    </span>
  );
}

function UsedBy({ slugs }: { slugs: readonly string[] }) {
  const [first, ...others] = slugs;
  if (first === undefined) return <span className="text-subtle-foreground">No flow</span>;
  return (
    <span title={slugs.join(', ')}>
      <Link href={`/flows/${first}`} className="rounded-sm font-mono text-xs focus-ring hover:underline">
        {first}
      </Link>
      {others.length > 0 && <span className="text-subtle-foreground"> +{others.length}</span>}
    </span>
  );
}

function ConnectionMenu({ connection, onEdit, onDelete }: Omit<RowProps, 'breaker'>) {
  const mayManage = useRight('connection:manage');
  if (!mayManage) return null;
  return (
    <RowMenu name={connection.name}>
      <MenuItem icon={<Pencil aria-hidden />} onClick={onEdit}>
        Edit…
      </MenuItem>
      <MenuSeparator />
      <MenuItem danger icon={<Trash2 aria-hidden />} onClick={onDelete}>
        Delete…
      </MenuItem>
    </RowMenu>
  );
}
