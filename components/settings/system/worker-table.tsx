import { Badge } from '#components/ui/badge.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { SystemWorker } from '#core/api/system.ts';

/** The workers, and how many runs each holds. */
export function WorkerTable({ workers }: { workers: readonly SystemWorker[] }) {
  if (workers.length === 0)
    return (
      <p className="border-t border-border px-4 py-6 text-sm text-muted-foreground">
        No worker is registered. “npm start” runs one; on other machines, start “node worker/main.ts”.
      </p>
    );
  return (
    <Table aria-label="Workers" className="border-t border-border">
      <TableHead>
        <TableRow>
          <TableHeader>Worker</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader className="text-right">Runs</TableHeader>
          <TableHeader className="hidden sm:table-cell">Started</TableHeader>
          <TableHeader className="hidden sm:table-cell">Last heard of</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {workers.map((worker) => (
          <TableRow key={worker.id}>
            <TableCell className="max-w-0 min-w-24 truncate" title={worker.id}>
              {worker.host === '' ? worker.id : `${worker.host}, process ${worker.pid}`}
            </TableCell>
            <TableCell className="w-px">
              {worker.isSilent ? (
                <Badge tone="danger">silent</Badge>
              ) : worker.isWard ? (
                <Badge tone="warning">ward</Badge>
              ) : (
                <Badge tone="success">alive</Badge>
              )}
            </TableCell>
            <TableCell className="w-px text-right whitespace-nowrap tabular-nums">
              {worker.slots === 0 ? worker.leases : `${worker.leases} of ${worker.slots}`}
            </TableCell>
            <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
              <Time at={worker.startedAt} />
            </TableCell>
            <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground sm:table-cell">
              <Time at={worker.heartbeatAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
