'use client';

import { Link2, Pencil, Plug, Trash2, Unplug, Zap } from 'lucide-react';
import Link from 'next/link';

import { isHolding, useBreakers } from '#components/api/breakers.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { MenuItem, MenuSeparator } from '#components/ui/menu.tsx';
import { RowMenu, RowMenuHeader } from '#components/ui/row-menu.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import { budgetInWords, reasonInWords, waitingInWords } from './breaker-words.ts';
import { AppMark } from './app-picker.tsx';
import { ConnectionHealth } from './connection-health.tsx';
import { useConnectorLooks } from './connector-looks.tsx';
import type { Breaker } from '#core/api/breakers.ts';
import type { Connection } from '#core/api/connections.ts';

/** What can be done with a connection from its row. */
export interface ConnectionActions {
  onEdit: (connection: Connection) => void;
  onDelete: (connection: Connection) => void;
  /** Sends the person to the consent screen. Called in the click. */
  onConnect: (connection: Connection) => void;
  onTest: (connection: Connection) => void;
  onDisconnect: (connection: Connection) => void;
  onInvite: (connection: Connection) => void;
}

export interface ConnectionTableProps extends ConnectionActions {
  connections: readonly Connection[];
}

/** The connections as rows. */
export function ConnectionTable({ connections, ...actions }: ConnectionTableProps) {
  const breakers = useBreakers();
  return (
    <Table>
      <TableHead>
        <TableRow>
          <TableHeader className="md:first:pl-6">Name</TableHeader>
          <TableHeader className="hidden sm:table-cell">Account</TableHeader>
          <TableHeader>State</TableHeader>
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
            actions={actions}
          />
        ))}
      </TableBody>
    </Table>
  );
}

interface RowProps {
  connection: Connection;
  breaker: Breaker | undefined;
  actions: ConnectionActions;
}

function ConnectionRow({ connection, breaker, actions }: RowProps) {
  const look = useConnectorLooks()(connection.connector);
  const kind = look?.label ?? connection.connector;
  return (
    <TableRow className="hover:bg-muted/60">
      <TableCell className="max-w-0 min-w-40 py-2 md:first:pl-6">
        <span className="flex items-center gap-3">
          <AppMark id={connection.connector} className="max-sm:hidden" />
          <span className="min-w-0">
            <span className="flex items-center gap-2">
              <span className="truncate font-medium" title={connection.name}>
                {connection.name}
              </span>
              <Whose connection={connection} />
            </span>
            <span className="block truncate font-mono text-xs text-subtle-foreground" title={connection.slug}>
              {connection.slug}
            </span>
            <span className="mt-1 block truncate text-xs text-muted-foreground sm:hidden">
              {[kind, connection.account].filter(Boolean).join(' · ')}
            </span>
            <Traffic connection={connection} breaker={breaker} />
          </span>
        </span>
      </TableCell>
      <TableCell className="hidden max-w-56 sm:table-cell">
        <span className="block truncate">{kind}</span>
        <span
          className="block truncate text-xs text-muted-foreground"
          title={connection.account ?? undefined}
        >
          {connection.account ?? unnamedAccount(connection, look?.hasConsent === true)}
        </span>
      </TableCell>
      <TableCell className="w-px whitespace-nowrap">
        {connection.status !== 'ok' && connection.canManage ? (
          <Button size="sm" variant="primary" onClick={() => actions.onConnect(connection)}>
            <Plug aria-hidden />
            {connection.status === 'pending' ? 'Connect' : 'Reconnect'}
          </Button>
        ) : (
          <ConnectionHealth connection={connection} />
        )}
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap md:table-cell">
        <UsedBy slugs={connection.usedBy} />
      </TableCell>
      <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground xl:table-cell">
        {connection.lastUsedAt === null ? 'Never' : <Time at={connection.lastUsedAt} />}
      </TableCell>
      <TableCell className="w-12">
        <ConnectionMenu connection={connection} actions={actions} />
      </TableCell>
    </TableRow>
  );
}

/** What is known of an account that says no name. */
function unnamedAccount({ fields, status }: Connection, hasConsent: boolean): string {
  if (hasConsent) return status === 'pending' ? 'No account yet' : 'Account without a name';
  return `${fields.length} ${fields.length === 1 ? 'field' : 'fields'} set`;
}

/** Whose account it is, where it is a member's. */
function Whose({ connection: { owner, isShared } }: { connection: Connection }) {
  if (owner === null) return null;
  const whose = owner.isMe ? 'Yours' : owner.name;
  return (
    <Badge tone="outline" className="max-w-40 truncate max-md:hidden">
      {isShared ? `${whose}, shared` : `${whose} alone`}
    </Badge>
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

function ConnectionMenu({ connection, actions }: Omit<RowProps, 'breaker'>) {
  const { hasConsent = false, canTest = false } = useConnectorLooks()(connection.connector) ?? {};
  if (!connection.canManage) return null;
  return (
    <RowMenu name={connection.name}>
      <MenuItem icon={<Pencil aria-hidden />} onClick={() => actions.onEdit(connection)}>
        Edit…
      </MenuItem>
      {canTest && connection.status === 'ok' && (
        <MenuItem icon={<Zap aria-hidden />} onClick={() => actions.onTest(connection)}>
          Test
        </MenuItem>
      )}
      {hasConsent && (
        <>
          <MenuItem icon={<Plug aria-hidden />} onClick={() => actions.onConnect(connection)}>
            {connection.status === 'pending' ? 'Connect' : 'Connect again'}
          </MenuItem>
          <MenuItem icon={<Link2 aria-hidden />} onClick={() => actions.onInvite(connection)}>
            Have somebody else connect…
          </MenuItem>
        </>
      )}
      {hasConsent && connection.status !== 'pending' && (
        <MenuItem icon={<Unplug aria-hidden />} onClick={() => actions.onDisconnect(connection)}>
          Disconnect
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem danger icon={<Trash2 aria-hidden />} onClick={() => actions.onDelete(connection)}>
        Delete…
      </MenuItem>
    </RowMenu>
  );
}
