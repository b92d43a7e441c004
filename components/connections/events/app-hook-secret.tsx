'use client';

import { Hourglass } from 'lucide-react';
import Link from 'next/link';
import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { usePutAppHook } from '#components/api/app-hooks.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { PasswordInput } from '#components/shell/password-input.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Field } from '#components/ui/field.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { AppHook } from '#core/api/app-hooks.ts';

/** What the app signs its events with: entered here, sent by the app, or known from its OAuth app. */
export function AppHookSecret({ hook, hasClient }: { hook: AppHook; hasClient: boolean }) {
  switch (hook.secret) {
    case 'entered':
      return <EnteredSecret hook={hook} />;
    case 'handshake':
      return <SentToken hook={hook} />;
    case 'client':
      return <ClientSecret hook={hook} hasClient={hasClient} />;
  }
}

/** It goes in and never comes out again. */
function EnteredSecret({ hook }: { hook: AppHook }) {
  const [isReplaced, setReplaced] = useState(false);
  if (hook.isReady && !isReplaced)
    return (
      <div role="group" aria-label="Signing secret" className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">Signing secret</span>
        <div className="flex h-9 items-center gap-2 rounded-md border border-border bg-muted/50 pr-1 pl-2.5">
          <Badge tone="success">Set</Badge>
          <span aria-hidden className="flex-1 truncate font-mono text-xs text-subtle-foreground">
            ••••••••••••
          </span>
          <Button size="sm" variant="ghost" onClick={() => setReplaced(true)}>
            Replace
          </Button>
        </div>
      </div>
    );
  return <SecretForm hook={hook} onSaved={() => setReplaced(false)} />;
}

function SecretForm({ hook, onSaved }: { hook: AppHook; onSaved: () => void }) {
  const [secret, setSecret] = useState('');
  const put = usePutAppHook(hook.connector);
  const problem = put.error instanceof ApiProblem ? put.error : undefined;
  const atField = problem?.messageAt('/secret');
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    put.mutate(
      { secret: secret.trim() },
      {
        onSuccess: () => {
          toast.success(`What ${hook.label} signs is taken now`);
          onSaved();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field
        label="Signing secret"
        help={`${hook.label} signs every event with it. It is stored sealed and never shown again.`}
        error={atField}
      >
        <div className="flex gap-2">
          <PasswordInput
            required
            autoComplete="new-password"
            className="font-mono"
            value={secret}
            onValueChange={setSecret}
          />
          <Button type="submit" variant="primary" className="h-9 shrink-0" loading={put.isPending}>
            Save
          </Button>
        </div>
      </Field>
      <FormProblem message={put.isError && atField === undefined ? messageOf(put.error) : null} />
    </form>
  );
}

/** It comes by itself, and is shown because it has to be pasted at the app. */
function SentToken({ hook }: { hook: AppHook }) {
  const forget = usePutAppHook(hook.connector);
  if (hook.verificationToken === null)
    return (
      <p className="flex items-center gap-2 rounded-md bg-info-soft px-3 py-2 text-sm text-info">
        <Hourglass aria-hidden className="size-4 shrink-0" />
        {hook.label} has not sent its verification token yet. It shows up here by itself.
      </p>
    );
  return (
    <div className="flex flex-col items-start gap-1.5">
      <div className="w-full">
        <CopyField
          label="Verification token"
          text={hook.verificationToken}
          copyLabel="Copy the verification token"
          help={`Paste it into ${hook.label}, which signs every event with it.`}
        />
      </div>
      <Button
        size="sm"
        variant="link"
        loading={forget.isPending}
        onClick={() => forget.mutate({ secret: null })}
      >
        Forget it, and wait for another
      </Button>
      <FormProblem message={forget.isError ? messageOf(forget.error) : null} />
    </div>
  );
}

function ClientSecret({ hook, hasClient }: { hook: AppHook; hasClient: boolean }) {
  if (hasClient)
    return (
      <p className="text-sm leading-5 text-muted-foreground">
        {hook.label} signs with the client secret of the OAuth app: there is nothing to enter here.
      </p>
    );
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <p className="min-w-0 flex-1 basis-48">
        {hook.label} signs with the client secret of an OAuth app, and this workspace has none there.
      </p>
      <Button
        size="sm"
        nativeButton={false}
        render={<Link href={`/connections/apps?app=${hook.connector}`} />}
      >
        Register at {hook.label}
      </Button>
    </div>
  );
}
