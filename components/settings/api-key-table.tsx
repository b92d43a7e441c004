'use client';

import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import { useNow } from '#components/ui/use-now.ts';
import type { ApiKey } from '#core/api/workspace.ts';

/** The keys as rows, without the keys themselves. */
export function ApiKeyTable({
  keys,
  onRevoke,
}: {
  keys: readonly ApiKey[];
  onRevoke: (key: ApiKey) => void;
}) {
  return (
    <div className="border-t border-border">
      <Table>
        <TableHead>
          <TableRow>
            <TableHeader>Name</TableHeader>
            <TableHeader>Role</TableHeader>
            <TableHeader className="hidden md:table-cell">Created</TableHeader>
            <TableHeader className="hidden sm:table-cell">Last used</TableHeader>
            <TableHeader className="hidden sm:table-cell">Expires</TableHeader>
            <TableHeader>
              <span className="sr-only">Actions</span>
            </TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {keys.map((key) => (
            <TableRow key={key.id}>
              <TableCell className="max-w-0 min-w-28 py-2">
                <span className="block truncate font-medium" title={key.name}>
                  {key.name}
                </span>
                <code className="block truncate font-mono text-xs text-subtle-foreground">{key.prefix}…</code>
              </TableCell>
              <TableCell className="w-px">
                <Badge>{key.role}</Badge>
              </TableCell>
              <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground md:table-cell">
                <Time at={key.createdAt} />
              </TableCell>
              <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
                {key.lastUsedAt === null ? 'Never' : <Time at={key.lastUsedAt} />}
              </TableCell>
              <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
                <Expiry at={key.expiresAt} />
              </TableCell>
              <TableCell className="w-px text-right">
                <Button
                  size="sm"
                  variant="danger-ghost"
                  aria-label={`Revoke ${key.name}`}
                  onClick={() => onRevoke(key)}
                >
                  Revoke
                </Button>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function Expiry({ at }: { at: string | null }) {
  const now = useNow(60_000);
  if (at === null) return 'Never';
  return Date.parse(at) < now ? <Badge tone="danger">Expired</Badge> : <Time at={at} upcoming />;
}
