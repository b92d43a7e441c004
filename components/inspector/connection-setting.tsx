'use client';

import { useMemo, useState } from 'react';

import { useConnections } from '#components/api/connections.ts';
import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { ConnectHere } from '#components/connections/connect-here.tsx';
import { CreateConnectionDialog } from '#components/connections/create-connection-dialog.tsx';
import { findConnector } from '#connectors/definitions.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { Select } from '#components/ui/select.tsx';
import type { SelectOption } from '#components/ui/select.tsx';
import type { Connection } from '#core/api/connections.ts';
import type { FlowNode } from '#core/flow-document.ts';

import { useSettings } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';

const NONE = '\u0000none';

/** Which account or secret the node works with: those of the workspace that fit, and the way to a new one. */
export function ConnectionSetting({ node }: { node: FlowNode }) {
  const store = useEditorStore();
  const { isReadOnly } = useSettings();
  const type = store.catalog(node.type, node.version);
  const connectors = type?.connectors(node.config) ?? [];
  const { data: connections = [], isLoading, refetch } = useConnections();
  const mayUse = useRight('connection:use');
  const [isMaking, setMaking] = useState(false);
  const takenSlugs = useMemo(() => new Set(connections.map(({ slug }) => slug)), [connections]);
  if (connectors.length === 0 && node.connection === undefined) return null;

  const fitting = connections.filter((connection) => connectors.includes(connection.connector));
  const isNeeded = type?.needsConnection(node.config) ?? false;
  const isMissing =
    node.connection !== undefined && !isLoading && !fitting.some(({ slug }) => slug === node.connection);
  const chosen = fitting.find(({ slug }) => slug === node.connection);
  const choose = (slug: string | undefined) =>
    store.apply({ kind: 'set_options', nodeId: node.id, options: { connection: slug } });
  const options: SelectOption[] = [
    ...(isNeeded && node.connection === undefined ? [] : [{ value: NONE, label: 'None' }]),
    ...(isMissing
      ? [{ value: node.connection ?? '', label: node.connection, hint: 'Not in this workspace' }]
      : []),
    ...fitting.map(({ slug, name, connector }) => ({
      value: slug,
      label: name || slug,
      hint: `${slug} · ${findConnector(connector)?.label ?? connector}`,
    })),
  ];
  return (
    <SettingFrame
      title="Connection"
      place="/connection"
      isOptional={!isNeeded}
      help={
        isMissing
          ? `There is no fitting connection “${node.connection}” here. Create it, or choose another.`
          : undefined
      }
      aside={
        mayUse &&
        !isReadOnly && (
          <Button variant="link" size="sm" className="text-xs" onClick={() => setMaking(true)}>
            New connection
          </Button>
        )
      }
    >
      {() => (
        // Made in another window in the meantime: no event tells of it.
        <div onFocus={() => void refetch()} className="flex flex-col gap-2">
          <Select
            aria-label="Connection"
            disabled={isReadOnly}
            placeholder={fitting.length === 0 ? 'None yet: create one' : 'Choose a connection'}
            options={options}
            value={node.connection ?? (isNeeded ? null : NONE)}
            onValueChange={(slug) => choose(slug === NONE ? undefined : slug)}
          />
          {chosen !== undefined && chosen.status !== 'ok' && <Broken connection={chosen} />}
          {mayUse && (
            <CreateConnectionDialog
              open={isMaking}
              onOpenChange={setMaking}
              takenSlugs={takenSlugs}
              fitting={connectors}
              onCreated={({ slug }) => choose(slug)}
            />
          )}
        </div>
      )}
    </SettingFrame>
  );
}

/** That the chosen connection does not work, and the way to mend it. */
function Broken({ connection }: { connection: Connection }) {
  return (
    <div className="flex flex-col gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <p>
        {connection.fault?.message ?? 'Nobody has granted access yet.'} Runs wait at this step until it is
        connected.
      </p>
      <ConnectHere slug={connection.slug} />
    </div>
  );
}
