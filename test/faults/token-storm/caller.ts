/**
 * A process that makes calls over a connection as workers do, so many side by side, until it is told to stop; then it says what came of
 * them. What it is to do comes as JSON in `PATCHBAY_STORM`.
 */
import '#test/support/oauth/connectors.ts';
import { openConnection, renewConnection } from '#server/connections/open-connection.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { callAs } from '#server/connections/call-as.ts';
import { ConnectionDesk } from '#worker/calls/connection-desk.ts';

export interface CallerTask {
  readonly workspaceId: string;
  readonly slug: string;
  readonly url: string;
  /** Calls side by side. */
  readonly callers: number;
}

export interface CallerReport {
  readonly calls: number;
  /** What else came of calls than success, and how often. */
  readonly failures: Readonly<Record<string, number>>;
}

const { workspaceId, slug, url, callers } = JSON.parse(process.env['PATCHBAY_STORM'] ?? '') as CallerTask;
// Every call opens the connection anew: nothing that workers keep for a moment takes the edge off.
const desk = new ConnectionDesk({ openConnection, renewConnection });
const http = egressClient();
const failures: Record<string, number> = {};
let calls = 0;
let isStopped = false;

process.once('message', () => (isStopped = true));
await Promise.all(Array.from({ length: callers }, callOn));
process.send?.({ calls, failures } satisfies CallerReport, undefined, undefined, () => process.exit(0));

async function callOn(): Promise<void> {
  while (!isStopped) {
    try {
      const status = await call();
      if (status !== 200) note(`status ${status}`);
    } catch (error) {
      note(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
    calls += 1;
  }
}

async function call(): Promise<number> {
  const connection = (await desk.open(workspaceId, slug)) ?? undefined;
  const { status } = await callAs(
    { method: 'GET', url, isAuthenticated: true },
    {
      workspaceId,
      connection,
      send: http,
      now: Date.now,
      reopen: (refused) => desk.reopen(workspaceId, slug, refused),
      onRefusedAgain: () => note('refused with another token, too'),
    },
  );
  return status;
}

function note(failure: string): void {
  failures[failure] = (failures[failure] ?? 0) + 1;
}
