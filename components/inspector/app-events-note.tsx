'use client';

import Link from 'next/link';

import { useConnectors } from '#components/api/connections.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { findOperation } from '#connectors/definitions.ts';
import type { FlowNode } from '#core/flow-document.ts';

/** Says at a trigger that its app does not send its events here yet, and leads to where that is set up. */
export function AppEventsNote({ node }: { node: FlowNode }) {
  const operation = findOperation(node.type, node.version)?.operation;
  const isOfApp = operation?.kind === 'trigger' && operation.delivery === 'app_event';
  return isOfApp ? <MissingEvents app={node.type.split('.')[0] ?? ''} /> : null;
}

function MissingEvents({ app }: { app: string }) {
  const { data: connectors, refetch } = useConnectors();
  const mayManage = useRight('connection:manage');
  const connector = connectors?.find(({ id }) => id === app);
  if (connector?.appEvents !== 'missing') return null;
  return (
    <div
      role="note"
      className="flex flex-col items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning"
      // Set up in another window in the meantime: no event tells of it.
      onFocus={() => void refetch()}
    >
      <p>
        {connector.label} does not send its events here yet: published, this flow starts nothing.{' '}
        {!mayManage && 'An admin sets that up under Connections, App events.'}
      </p>
      {mayManage && (
        <Button
          size="sm"
          nativeButton={false}
          render={<Link href={`/connections/events?app=${connector.id}`} />}
        >
          Set up the events of {connector.label}
        </Button>
      )}
    </div>
  );
}
