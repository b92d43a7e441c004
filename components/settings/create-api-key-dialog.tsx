'use client';

import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useCreateApiKey, useMe } from '#components/api/workspace.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { Role } from '#core/api/common.ts';
import { ROLES } from '#core/api/words.ts';
import type { CreatedApiKey } from '#core/api/workspace.ts';

const ROLE_HINTS: Readonly<Record<Role, string>> = {
  owner: 'Everything',
  admin: 'Everything but the workspace itself',
  editor: 'Edit, publish and run flows',
  operator: 'Start and cancel runs',
  viewer: 'Look, change nothing',
};

const DAY_MS = 24 * 3_600_000;
const EXPIRIES = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'never', label: 'Never' },
] as const;
type Expiry = (typeof EXPIRIES)[number]['value'];

/** Asks for name, role and expiry, then shows the new key, once. */
export function CreateApiKeyDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) setCreated(null);
  };
  return (
    // A key that was not copied is lost: a click beside the dialog must not take it away.
    <Dialog open={open} onOpenChange={close} disablePointerDismissal={created !== null}>
      {created === null ? (
        <DialogContent key="form" title="New API key">
          <CreateForm onCreated={setCreated} />
        </DialogContent>
      ) : (
        <DialogContent
          key="created"
          title="Copy the key now"
          description="It is shown this once. Patchbay keeps only its fingerprint."
        >
          <DialogBody>
            <CodeBlock code={created.key} label="API key" wrap />
            <p className="text-sm text-muted-foreground">
              Send it as <code className="font-mono text-xs">Authorization: Bearer …</code>, or set it as{' '}
              <code className="font-mono text-xs">PATCHBAY_API_KEY</code> for the CLI.
            </p>
          </DialogBody>
          <DialogFooter>
            <DialogClose render={<Button variant="primary" />}>I have copied it</DialogClose>
          </DialogFooter>
        </DialogContent>
      )}
    </Dialog>
  );
}

function CreateForm({ onCreated }: { onCreated: (key: CreatedApiKey) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [expiry, setExpiry] = useState<Expiry>('90');
  const create = useCreateApiKey();
  const roles = useGrantableRoles();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const expiresAt =
      expiry === 'never' ? null : new Date(Date.now() + Number(expiry) * DAY_MS).toISOString();
    create.mutate({ name: name.trim(), role, expiresAt }, { onSuccess: onCreated });
  };
  const nameProblem = create.error instanceof ApiProblem ? create.error.messageAt('/name') : undefined;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        <Field
          label="Name"
          help="Where it is used, so that you know what a revoke stops."
          error={nameProblem}
        >
          <Input
            name="name"
            required
            autoFocus
            maxLength={100}
            placeholder="CI"
            value={name}
            onValueChange={setName}
          />
        </Field>
        <Field label="Role">
          <Select
            options={roles.map((value) => ({ value, label: value, hint: ROLE_HINTS[value] }))}
            value={role}
            onValueChange={setRole}
          />
        </Field>
        <Field label="Expires">
          <Select options={EXPIRIES} value={expiry} onValueChange={setExpiry} />
        </Field>
        <FormProblem message={create.isError && nameProblem === undefined ? messageOf(create.error) : null} />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" loading={create.isPending} disabled={name.trim() === ''}>
          Create the key
        </Button>
      </DialogFooter>
    </form>
  );
}

/** Nobody hands out more than they have; roles are listed with the mightiest first. */
function useGrantableRoles(): readonly Role[] {
  const own = useMe().data?.role;
  return own === undefined ? [] : ROLES.slice(ROLES.indexOf(own));
}
