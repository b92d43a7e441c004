'use client';

import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useCreateConnection, type Connector } from '#components/api/connections.ts';
import { freeSlug } from '#components/flows/flow-slug.ts';
import { slugFromName } from '#core/slug-from-name.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogBody, DialogClose, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Connection } from '#core/api/connections.ts';

import { ConnectionFieldInput } from './connection-field-input.tsx';
import { filledFields, readConnectionFields, type ConnectionField } from './connection-fields.ts';
import { ConsentNote } from './consent-note.tsx';
import { MissingApp } from './missing-app.tsx';
import { GrantedScopes } from './granted-scopes.tsx';
import { MoreFields } from './more-fields.tsx';
import { useConsent } from './use-consent.ts';

export interface ConnectionFormProps {
  readonly connector: Connector;
  readonly takenSlugs: ReadonlySet<string>;
  readonly onDone: (connection: Connection) => void;
}

/** Whose a connection is and who else may use it, as one choice. */
type Whose = 'workspace' | 'mine' | 'mine_shared';

/** The name and fields of a new connection; where the app has a consent screen, the button opens it. */
export function ConnectionForm({ connector, takenSlugs, onDone }: ConnectionFormProps) {
  const form = useConnectionForm({ connector, takenSlugs, onDone });
  const { problem, create, consent, isOAuth } = form;
  const example = `${connector.label} of sales`;
  if (connector.oauth?.client === 'none') return <MissingApp connector={connector} />;
  const advanced = form.fields.filter(({ isAdvanced }) => isAdvanced);
  const faultAt = (name: string) => problem?.messageAt(`/fields/${name}`);
  const input = (field: ConnectionField) => (
    <ConnectionFieldInput
      key={field.name}
      field={field}
      value={form.values[field.name] ?? ''}
      onChange={(value) => form.setValue(field.name, value)}
      error={faultAt(field.name)}
    />
  );
  return (
    <form onSubmit={form.submit} className="flex min-h-0 flex-col">
      <DialogBody>
        <Field label="Name" error={problem?.messageAt('/name')}>
          <Input
            name="name"
            autoFocus
            required
            maxLength={200}
            disabled={form.isMade}
            placeholder={example}
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
            disabled={form.isMade}
            placeholder={slugFromName(example)}
            value={form.slug}
            onValueChange={form.setSlug}
          />
        </Field>
        <WhoseField value={form.whose} onChange={form.setWhose} isDisabled={form.isMade} />
        {form.fields.filter(({ isAdvanced }) => !isAdvanced).map((field) => input(field))}
        {advanced.length > 0 && (
          <MoreFields hasFault={advanced.some(({ name }) => faultAt(name) !== undefined)}>
            {advanced.map((field) => input(field))}
          </MoreFields>
        )}
        {connector.oauth !== null && <GrantedScopes scopes={connector.oauth.scopes} app={connector.label} />}
        <FormProblem message={form.isProblemAtField || !create.isError ? null : messageOf(create.error)} />
        <ConsentNote consent={consent} app={connector.label} />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>{form.isMade ? 'Close' : 'Cancel'}</DialogClose>
        <Button
          type="submit"
          variant="primary"
          loading={create.isPending || consent.state.kind === 'waiting'}
        >
          {isOAuth ? (form.isMade ? 'Try again' : `Connect to ${connector.label}`) : 'Create the connection'}
        </Button>
      </DialogFooter>
    </form>
  );
}

function WhoseField(props: { value: Whose; onChange: (whose: Whose) => void; isDisabled: boolean }) {
  const mayManage = useRight('connection:manage');
  const options = [
    { value: 'workspace', label: 'The workspace', hint: 'Everybody may use it in flows; admins manage it' },
    { value: 'mine_shared', label: 'Me, shared', hint: 'Everybody may use it in flows; you manage it' },
    { value: 'mine', label: 'Me alone', hint: 'Only your flows may use it' },
  ] as const;
  return (
    <Field label="Whose account it is">
      <Select
        disabled={props.isDisabled}
        options={options.filter(({ value }) => mayManage || value !== 'workspace')}
        value={props.value}
        onValueChange={props.onChange}
      />
    </Field>
  );
}

function useConnectionForm({ connector, takenSlugs, onDone }: ConnectionFormProps) {
  const mayManage = useRight('connection:manage');
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [whose, setWhose] = useState<Whose>(mayManage ? 'workspace' : 'mine');
  /** What was made already and only waits for consent. */
  const [made, setMade] = useState<Connection | null>(null);
  const create = useCreateConnection();
  const needsConsent = connector.oauth?.grant === 'authorization_code';
  const connected = (connection: Connection) => {
    toast.success(
      connection.account === null
        ? `“${connection.name}” is connected`
        : `“${connection.name}” is connected to ${connection.account}`,
    );
    onDone(connection);
  };
  const consent = useConsent(connected);
  const fields = connector.connection === null ? [] : readConnectionFields(connector.connection);
  const slug = made?.slug ?? ownSlug ?? (name === '' ? '' : freeSlug(slugFromName(name), takenSlugs));
  const problem = create.error instanceof ApiProblem ? create.error : undefined;
  const shownAt = ['/name', '/slug', ...fields.map((field) => `/fields/${field.name}`)];

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (made !== null) return consent.begin(made.slug);
    const own = Object.fromEntries(fields.map((field) => [field.name, values[field.name] ?? '']));
    const opened = needsConsent ? consent.prepare() : null;
    create.mutate(
      {
        slug,
        name: name.trim(),
        connector: connector.id,
        fields: filledFields(own),
        owner: whose === 'workspace' ? 'workspace' : 'me',
        isShared: whose !== 'mine',
      },
      {
        onError: () => opened?.close(),
        onSuccess: (connection) => {
          if (!needsConsent) return connected(connection);
          setMade(connection);
          consent.begin(connection.slug, opened);
        },
      },
    );
  };
  return {
    isOAuth: needsConsent,
    isMade: made !== null,
    name,
    setName,
    slug,
    setSlug: (value: string) => setOwnSlug(value === '' ? null : value),
    whose,
    setWhose,
    fields,
    values,
    setValue: (field: string, value: string) => setValues((now) => ({ ...now, [field]: value })),
    create,
    consent,
    problem,
    isProblemAtField: problem?.errors.some((error) => shownAt.includes(error.pointer)) ?? false,
    submit,
  };
}
