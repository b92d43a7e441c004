'use client';

import { Plus } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';

import { useConnections } from '#components/api/connections.ts';
import { CreateConnectionDialog } from '#components/connections/create-connection-dialog.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';

import { needInWords } from './need-in-words.ts';

export interface ConnectionChoiceProps {
  readonly connector: string;
  /** The slug of the chosen one. */
  readonly value: string | null;
  readonly onChange: (slug: string) => void;
}

/** Which connection of a kind the flow is made with: the first that works, until another is chosen. */
export function ConnectionChoice({ connector, value, onChange }: ConnectionChoiceProps) {
  const { data: connections } = useConnections();
  const mayUse = useRight('connection:use');
  const [isMaking, setMaking] = useState(false);
  const fitting = useMemo(
    () => (connections ?? []).filter((each) => each.connector === connector),
    [connections, connector],
  );
  const takenSlugs = useMemo(() => new Set(connections?.map(({ slug }) => slug)), [connections]);
  const first = (fitting.find(({ status }) => status === 'ok') ?? fitting[0])?.slug;
  useEffect(() => {
    if (value === null && first !== undefined) onChange(first);
  }, [value, first, onChange]);
  const name = needInWords(connector);
  return (
    <div className={cn('flex flex-wrap gap-2', fitting.length > 0 ? 'items-end' : 'items-center')}>
      {fitting.length > 0 && (
        <Field label={name} className="min-w-48 flex-1">
          <Select
            aria-label={name}
            options={fitting.map(({ slug, name: label, status }) => ({
              value: slug,
              label: label || slug,
              hint: status === 'ok' ? slug : `${slug} · not connected`,
            }))}
            value={value}
            onValueChange={onChange}
          />
        </Field>
      )}
      {fitting.length === 0 && (
        <p className="flex-1 basis-56 text-sm text-muted-foreground">
          <strong className="font-medium text-foreground">{name}</strong>: no connection yet. You can make one
          now, or later in the editor.
        </p>
      )}
      {mayUse && (
        <Button onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          {fitting.length === 0 ? `Connect ${name}` : 'New'}
        </Button>
      )}
      <CreateConnectionDialog
        open={isMaking}
        onOpenChange={setMaking}
        takenSlugs={takenSlugs}
        connectorId={connector}
        fitting={[connector]}
        onCreated={({ slug }) => onChange(slug)}
      />
    </div>
  );
}
