'use client';

import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useBreakers } from '#components/api/breakers.ts';
import { useConnectors, useUpdateConnection } from '#components/api/connections.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Connection } from '#core/api/connections.ts';

import { BreakerNote } from './breaker-note.tsx';
import { BudgetFields, readBudget, typedBudget } from './budget-fields.tsx';
import { ConnectionFieldInput } from './connection-field-input.tsx';
import { readConnectionFields, type ConnectionField } from './connection-fields.ts';

/** Renames a connection and replaces its credentials. `connection` null: closed. */
export function EditConnectionDialog({
  connection,
  onClose,
}: {
  connection: Connection | null;
  onClose: () => void;
}) {
  return (
    <Dialog
      open={connection !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <DialogContent title="Edit the connection" description={connection?.slug}>
        {connection !== null && <EditForm key={connection.slug} connection={connection} onDone={onClose} />}
      </DialogContent>
    </Dialog>
  );
}

/** By field: a new value, or null to remove it. A field that is absent stays as it is. */
type FieldChanges = Readonly<Record<string, string | null>>;

function EditForm({ connection, onDone }: { connection: Connection; onDone: () => void }) {
  const connectors = useConnectors();
  const [name, setName] = useState(connection.name);
  const [budget, setBudget] = useState(() => typedBudget(connection.budget));
  const breakers = useBreakers();
  const [changes, setChanges] = useState<FieldChanges>({});
  const update = useUpdateConnection(connection.slug);
  const connector = connectors.data?.find(({ id }) => id === connection.connector);
  const fields = connector === undefined ? [] : readConnectionFields(connector.connection);
  const problem = update.error instanceof ApiProblem ? update.error : undefined;

  const change = (field: string, value: string | null | undefined) =>
    setChanges(({ [field]: _, ...others }) => (value === undefined ? others : { ...others, [field]: value }));
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const filled = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== ''));
    update.mutate(
      {
        name: name.trim(),
        budget: readBudget(budget),
        ...(Object.keys(filled).length > 0 ? { fields: filled } : {}),
      },
      {
        onSuccess: () => {
          toast.success('Connection saved');
          onDone();
        },
      },
    );
  };
  const shownAt = [
    '/name',
    '/budget',
    '/budget/calls',
    '/budget/seconds',
    ...fields.map((field) => `/fields/${field.name}`),
  ];
  const isAtField = problem?.errors.some((error) => shownAt.includes(error.pointer)) ?? false;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        <BreakerNote breaker={breakers.data?.data.find((each) => each.connection === connection.slug)} />
        <Field label="Name" error={problem?.messageAt('/name')}>
          <Input name="name" required maxLength={200} value={name} onValueChange={setName} />
        </Field>
        {fields.map((field) => (
          <EditedField
            key={field.name}
            field={field}
            isSet={connection.fields.includes(field.name)}
            value={changes[field.name]}
            onChange={(value) => change(field.name, value)}
            error={problem?.messageAt(`/fields/${field.name}`)}
          />
        ))}
        <BudgetFields
          value={budget}
          onChange={setBudget}
          messageAt={(pointer) => problem?.messageAt(pointer)}
        />
        <FormProblem message={update.isError && !isAtField ? messageOf(update.error) : null} />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" loading={update.isPending}>
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}

interface EditedFieldProps {
  field: ConnectionField;
  isSet: boolean;
  value: string | null | undefined;
  onChange: (value: string | null | undefined) => void;
  error: string | undefined;
}

/** A stored value is never shown: it is there, and can be replaced or removed. */
function EditedField({ field, isSet, value, onChange, error }: EditedFieldProps) {
  if (!isSet) {
    return (
      <ConnectionFieldInput
        field={field}
        value={value ?? ''}
        onChange={(text) => onChange(text)}
        error={error}
      />
    );
  }
  if (typeof value === 'string') {
    return (
      <div className="flex flex-col gap-1.5">
        <ConnectionFieldInput field={field} value={value} onChange={onChange} error={error} />
        <Button size="sm" variant="link" className="self-start" onClick={() => onChange(undefined)}>
          Keep the stored value
        </Button>
      </div>
    );
  }
  const isRemoved = value === null;
  return (
    <div role="group" aria-label={field.label} className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{field.label}</span>
      <div className="flex h-9 items-center gap-2 rounded-md border border-border bg-muted/50 pr-1 pl-2.5">
        {isRemoved ? <Badge tone="warning">Will be removed</Badge> : <Badge tone="success">Set</Badge>}
        <span aria-hidden className="flex-1 truncate font-mono text-xs text-subtle-foreground">
          {isRemoved ? '' : '••••••••••••'}
        </span>
        {isRemoved ? (
          <Button size="sm" variant="ghost" onClick={() => onChange(undefined)}>
            Keep
          </Button>
        ) : (
          <>
            {!field.isRequired && (
              <Button size="sm" variant="ghost" onClick={() => onChange(null)}>
                Remove
              </Button>
            )}
            <Button size="sm" variant="ghost" onClick={() => onChange('')}>
              Replace
            </Button>
          </>
        )}
      </div>
      {error !== undefined && <p className="text-xs text-danger">{error}</p>}
    </div>
  );
}
