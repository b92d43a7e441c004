'use client';

import { ExternalLink } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useDeleteOAuthApp, usePutOAuthApp } from '#components/api/connections.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { PasswordInput } from '#components/shell/password-input.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Steps } from '#components/ui/steps.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { OAuthApp } from '#core/api/connections.ts';

/** How to register at an app, with the callback address ready to copy, and the fields for what one gets there. `app` null: closed. */
export function OAuthAppDialog({ app, onClose }: { app: OAuthApp | null; onClose: () => void }) {
  return (
    <Dialog open={app !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {app !== null && (
        <DialogContent title={`Register at ${app.label}`} description="Once for the whole workspace.">
          <AppForm key={app.connector} app={app} onDone={onClose} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function AppForm({ app, onDone }: { app: OAuthApp; onDone: () => void }) {
  const [clientId, setClientId] = useState(app.source === 'workspace' ? (app.clientId ?? '') : '');
  const [clientSecret, setClientSecret] = useState('');
  const put = usePutOAuthApp(app.connector);
  const remove = useDeleteOAuthApp(app.connector);
  const problem = put.error instanceof ApiProblem ? put.error : undefined;
  const atField = problem?.messageAt('/clientId') ?? problem?.messageAt('/clientSecret');
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    put.mutate(
      { clientId: clientId.trim(), clientSecret: clientSecret.trim() },
      {
        onSuccess: () => {
          toast.success(`Members can connect ${app.label} accounts now`);
          onDone();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {app.setup !== null && (
          <section className="flex flex-col gap-2 text-sm">
            <Steps steps={app.setup.steps} />
            <Button
              size="sm"
              className="self-start"
              nativeButton={false}
              render={<a href={app.setup.url} target="_blank" rel="noreferrer" />}
            >
              <ExternalLink aria-hidden />
              Open {app.label}
            </Button>
          </section>
        )}
        <CopyField
          label="Callback URL"
          text={app.callbackUrl}
          copyLabel="Copy the callback URL"
          help={`${app.label} asks for it, and sends people back there alone.`}
        />
        <Field label="Client id" error={problem?.messageAt('/clientId')}>
          <Input
            required
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-xs"
            value={clientId}
            onValueChange={setClientId}
          />
        </Field>
        <Field
          label="Client secret"
          help={
            app.source === 'workspace'
              ? 'The stored one is never shown. Type it again to change anything.'
              : undefined
          }
          error={problem?.messageAt('/clientSecret')}
        >
          <PasswordInput
            required
            autoComplete="new-password"
            className="font-mono"
            value={clientSecret}
            onValueChange={setClientSecret}
          />
        </Field>
        <FormProblem message={put.isError && atField === undefined ? messageOf(put.error) : null} />
        <FormProblem message={remove.isError ? messageOf(remove.error) : null} />
      </DialogBody>
      <DialogFooter>
        {app.source === 'workspace' && (
          <Button
            variant="ghost"
            className="mr-auto text-danger"
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined, { onSuccess: onDone })}
          >
            Remove
          </Button>
        )}
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" loading={put.isPending}>
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}
