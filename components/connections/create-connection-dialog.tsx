'use client';

import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useConnectors, useCreateConnection, type Connector } from '#components/api/connections.ts';
import { freeSlug, slugFromName } from '#components/flows/flow-slug.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { toast } from '#components/ui/toast.tsx';

import { ConnectionFieldInput } from './connection-field-input.tsx';
import { filledFields, readConnectionFields } from './connection-fields.ts';

export interface CreateConnectionDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  takenSlugs: ReadonlySet<string>;
  /** The kind to begin with; any other text than a connector's id means the first one. */
  connectorId?: string;
}

/** Asks for the kind of connection, a name and its fields. */
export function CreateConnectionDialog(props: CreateConnectionDialogProps) {
  const { open, onOpenChange, takenSlugs, connectorId } = props;
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="New connection"
        description="Credentials are sealed before they are stored. Nobody can read them again, only replace them."
      >
        <CreateForm
          takenSlugs={takenSlugs}
          firstConnectorId={connectorId}
          onDone={() => onOpenChange(false)}
        />
      </DialogContent>
    </Dialog>
  );
}

interface CreateFormProps {
  readonly takenSlugs: ReadonlySet<string>;
  readonly firstConnectorId: string | undefined;
  readonly onDone: () => void;
}

function CreateForm({ takenSlugs, firstConnectorId, onDone }: CreateFormProps) {
  const connectors = useConnectors();
  const usable = (connectors.data ?? []).filter((connector) => connector.connection !== null);
  const form = useCreateForm({ usable, takenSlugs, firstConnectorId, onDone });
  const { connector, fields, create, problem } = form;
  if (connectors.isPending) {
    return (
      <DialogBody>
        <Skeleton className="h-8" />
        <Skeleton className="h-8" />
        <Skeleton className="h-8" />
      </DialogBody>
    );
  }
  if (connectors.data === undefined) {
    return (
      <DialogBody>
        <FormProblem message={messageOf(connectors.error)} />
        <Button onClick={() => void connectors.refetch()} loading={connectors.isFetching}>
          Try again
        </Button>
      </DialogBody>
    );
  }
  return (
    <form onSubmit={form.submit} className="flex min-h-0 flex-col">
      <DialogBody>
        <Field label="Kind" help={connector?.summary} error={problem?.messageAt('/connector')}>
          <Select
            options={usable.map(({ id, label, summary }) => ({ value: id, label, hint: summary }))}
            value={connector?.id ?? null}
            onValueChange={form.setConnectorId}
          />
        </Field>
        <Field label="Name" error={problem?.messageAt('/name')}>
          <Input
            name="name"
            required
            maxLength={200}
            placeholder="Shop webhooks"
            value={form.name}
            onValueChange={form.setName}
          />
        </Field>
        <Field label="Slug" help="Flows refer to the connection by it." error={problem?.messageAt('/slug')}>
          <Input
            name="slug"
            required
            spellCheck={false}
            autoCapitalize="none"
            className="font-mono text-xs"
            placeholder="shop-webhooks"
            value={form.slug}
            onValueChange={form.setSlug}
          />
        </Field>
        {fields.map((field) => (
          <ConnectionFieldInput
            key={`${connector?.id ?? ''}.${field.name}`}
            field={field}
            value={form.values[field.name] ?? ''}
            onChange={(value) => form.setValue(field.name, value)}
            error={problem?.messageAt(`/fields/${field.name}`)}
          />
        ))}
        <FormProblem
          message={form.isProblemAtField ? null : create.isError ? messageOf(create.error) : null}
        />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" loading={create.isPending} disabled={connector === undefined}>
          Create the connection
        </Button>
      </DialogFooter>
    </form>
  );
}

interface FormSources extends CreateFormProps {
  readonly usable: readonly Connector[];
}

function useCreateForm({ usable, takenSlugs, firstConnectorId, onDone }: FormSources) {
  const [connectorId, setConnectorId] = useState(firstConnectorId);
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const create = useCreateConnection();
  const connector = usable.find(({ id }) => id === connectorId) ?? usable[0];
  const fields = connector === undefined ? [] : readConnectionFields(connector.connection);
  const slug = ownSlug ?? (name === '' ? '' : freeSlug(slugFromName(name), takenSlugs));
  const problem = create.error instanceof ApiProblem ? create.error : undefined;
  const shownAt = ['/connector', '/name', '/slug', ...fields.map((field) => `/fields/${field.name}`)];

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (connector === undefined) return;
    const own = Object.fromEntries(fields.map((field) => [field.name, values[field.name] ?? '']));
    create.mutate(
      { slug, name: name.trim(), connector: connector.id, fields: filledFields(own) },
      {
        onSuccess: (connection) => {
          toast.success(`Connection “${connection.name}” created`);
          onDone();
        },
      },
    );
  };
  return {
    connector,
    setConnectorId: (id: string) => {
      create.reset();
      setConnectorId(id);
    },
    name,
    setName,
    slug,
    setSlug: (value: string) => setOwnSlug(value === '' ? null : value),
    fields,
    values,
    setValue: (field: string, value: string) => setValues((now) => ({ ...now, [field]: value })),
    create,
    problem,
    isProblemAtField: problem?.errors.some((error) => shownAt.includes(error.pointer)) ?? false,
    submit,
  };
}
