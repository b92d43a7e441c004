'use client';

import Link from 'next/link';

import { useConnections } from '#components/api/connections.ts';
import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { Select } from '#components/ui/select.tsx';
import type { SelectOption } from '#components/ui/select.tsx';
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
  if (connectors.length === 0 && node.connection === undefined) return null;

  const fitting = connections.filter((connection) => connectors.includes(connection.connector));
  const isNeeded = type?.needsConnection(node.config) ?? false;
  const isMissing =
    node.connection !== undefined && !isLoading && !fitting.some(({ slug }) => slug === node.connection);
  const options: SelectOption[] = [
    ...(isNeeded && node.connection === undefined ? [] : [{ value: NONE, label: 'None' }]),
    ...(isMissing
      ? [{ value: node.connection ?? '', label: node.connection, hint: 'Not in this workspace' }]
      : []),
    ...fitting.map(({ slug, name, connector }) => ({
      value: slug,
      label: name || slug,
      hint: `${slug} · ${connector}`,
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
        <Button
          variant="link"
          size="sm"
          className="text-xs"
          nativeButton={false}
          render={<Link href={`/connections?new=${connectors[0] ?? ''}`} target="_blank" />}
        >
          New connection
        </Button>
      }
    >
      {() => (
        // Made in another window in the meantime: no event tells of it.
        <div onFocus={() => void refetch()}>
          <Select
            aria-label="Connection"
            disabled={isReadOnly}
            placeholder={fitting.length === 0 ? 'None yet: create one' : 'Choose a connection'}
            options={options}
            value={node.connection ?? (isNeeded ? null : NONE)}
            onValueChange={(slug) =>
              store.apply({
                kind: 'set_options',
                nodeId: node.id,
                options: { connection: slug === NONE ? undefined : slug },
              })
            }
          />
        </div>
      )}
    </SettingFrame>
  );
}
