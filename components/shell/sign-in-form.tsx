'use client';

import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';

import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

import { AuthCard, FormProblem } from './auth-card.tsx';
import { PasswordInput } from './password-input.tsx';
import { signInWithPassword } from './sign-in-calls.ts';

/** E-mail and password. `goTo` is a path of this site, checked by the server. */
export function SignInForm({ goTo }: { goTo: string }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => signInWithPassword(email, password),
    onSuccess: (result) => {
      // A whole new page: nothing that an earlier account has fetched stays in memory.
      if (result.ok) window.location.assign(goTo);
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <AuthCard title="Sign in" description="Use the account that you were given for this workspace.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="E-mail">
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onValueChange={setEmail}
          />
        </Field>
        <Field label="Password">
          <PasswordInput
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onValueChange={setPassword}
          />
        </Field>
        <FormProblem message={signInProblem(signIn.data, signIn.isError)} />
        <Button
          type="submit"
          variant="primary"
          size="lg"
          loading={signIn.isPending || signIn.data?.ok === true}
        >
          Sign in
        </Button>
      </form>
    </AuthCard>
  );
}

function signInProblem(result: Awaited<ReturnType<typeof signInWithPassword>> | undefined, isError: boolean) {
  if (isError)
    return 'Patchbay cannot be reached. Check the network, and whether the server runs, then try again.';
  return result === undefined || result.ok ? null : result.message;
}
