'use client';

import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useConnectors, type Connector } from '#components/api/connections.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent } from '#components/ui/dialog.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { Connection } from '#core/api/connections.ts';

import { AppPicker } from './app-picker.tsx';
import { ConnectionForm } from './connection-form.tsx';

export interface CreateConnectionDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  takenSlugs: ReadonlySet<string>;
  /** The kind to begin with; any other text than a connector's id asks for one first. */
  connectorId?: string;
  /** The only kinds that are of use. Default all. */
  fitting?: readonly string[];
  /** Called when it is made, and connected where it needs consent. */
  onCreated?: (connection: Connection) => void;
}

/** Asks what to connect, then for a name, its fields and, where the app has one, its consent screen. */
export function CreateConnectionDialog(props: CreateConnectionDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      {props.open && <Steps {...props} />}
    </Dialog>
  );
}

function Steps({ onOpenChange, takenSlugs, connectorId, fitting, onCreated }: CreateConnectionDialogProps) {
  const connectors = useConnectors();
  const mayManage = useRight('connection:manage');
  const [picked, setPicked] = useState<string | null>(connectorId || null);
  const usable = (connectors.data ?? []).filter(
    ({ id, connection, oauth }) =>
      (connection !== null || oauth !== null) &&
      (fitting?.includes(id) ?? true) &&
      // Those without the right may still connect accounts of their own.
      (mayManage || oauth !== null),
  );
  const only = usable.length === 1 ? usable[0] : undefined;
  const connector = usable.find(({ id }) => id === picked) ?? only;
  const done = (connection: Connection) => {
    onCreated?.(connection);
    onOpenChange(false);
  };
  return (
    <DialogContent
      size={connector === undefined ? 'lg' : 'md'}
      title={<Title connector={connector} onBack={only ? null : () => setPicked(null)} />}
      description={
        connector?.summary ?? 'An account of an app, or a key. Flows name it and never see inside.'
      }
    >
      {connectors.isPending ? (
        <DialogBody>
          <Skeleton className="h-8" />
          <Skeleton className="h-24" />
        </DialogBody>
      ) : connectors.data === undefined ? (
        <DialogBody>
          <FormProblem message={messageOf(connectors.error)} />
          <Button onClick={() => void connectors.refetch()} loading={connectors.isFetching}>
            Try again
          </Button>
        </DialogBody>
      ) : connector === undefined ? (
        <DialogBody>
          <AppPicker connectors={usable} onPick={({ id }) => setPicked(id)} />
        </DialogBody>
      ) : (
        <ConnectionForm key={connector.id} connector={connector} takenSlugs={takenSlugs} onDone={done} />
      )}
    </DialogContent>
  );
}

function Title({ connector, onBack }: { connector: Connector | undefined; onBack: (() => void) | null }) {
  if (connector === undefined) return 'New connection';
  return (
    <span className="flex items-center gap-2">
      {onBack !== null && (
        <Button
          size="sm"
          variant="ghost"
          className="-ml-2 px-1.5"
          aria-label="Choose something else"
          onClick={onBack}
        >
          <ArrowLeft aria-hidden />
        </Button>
      )}
      Connect {connector.label}
    </span>
  );
}
