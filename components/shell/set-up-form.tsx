'use client';

import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf, problemFromReply, unreachableProblem } from '#components/api/api-problem.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { SetUp } from '#core/api/workspace.ts';
import { PASSWORD_LENGTH } from '#core/api/words.ts';

import { AuthCard, FormProblem } from './auth-card.tsx';
import { PasswordInput } from './password-input.tsx';
import { signInWithPassword } from './sign-in-calls.ts';

/** Makes the first account and its workspace, then signs in. */
export function SetUpForm() {
  const [values, setValues] = useState({ name: '', email: '', password: '', workspace: '' });
  const set = (name: keyof typeof values) => (value: string) =>
    setValues((now) => ({ ...now, [name]: value }));
  const setUp = useMutation({
    mutationFn: async () => {
      await postSetUp(values);
      await signInWithPassword(values.email, values.password);
    },
    onSuccess: () => window.location.assign('/'),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setUp.mutate();
  };
  const problem = setUp.error instanceof ApiProblem ? setUp.error : undefined;
  const isAtFields = problem !== undefined && problem.errors.length > 0;
  return (
    <AuthCard
      title="Welcome. Make the first account"
      description="You become the owner of this workspace. Everything stays on this machine."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Your name" error={problem?.messageAt('/name')}>
          <Input
            name="name"
            autoComplete="name"
            required
            autoFocus
            value={values.name}
            onValueChange={set('name')}
          />
        </Field>
        <Field label="E-mail" error={problem?.messageAt('/email')}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            value={values.email}
            onValueChange={set('email')}
          />
        </Field>
        <Field
          label="Password"
          help={`At least ${PASSWORD_LENGTH.min} characters. A few plain words make a good one.`}
          error={problem?.messageAt('/password')}
        >
          <PasswordInput
            name="password"
            autoComplete="new-password"
            required
            minLength={PASSWORD_LENGTH.min}
            maxLength={PASSWORD_LENGTH.max}
            value={values.password}
            onValueChange={set('password')}
          />
        </Field>
        <Field
          label="Workspace"
          help="The name of your team or company."
          error={problem?.messageAt('/workspace')}
        >
          <Input
            name="workspace"
            autoComplete="organization"
            required
            value={values.workspace}
            onValueChange={set('workspace')}
          />
        </Field>
        <FormProblem message={setUp.error === null || isAtFields ? null : messageOf(setUp.error)} />
        <Button type="submit" variant="primary" size="lg" loading={setUp.isPending || setUp.isSuccess}>
          Create the workspace
        </Button>
      </form>
    </AuthCard>
  );
}

async function postSetUp(body: SetUp): Promise<void> {
  let response: Response;
  try {
    response = await fetch('/api/set-up', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch (thrown) {
    throw unreachableProblem(thrown);
  }
  if (response.ok) return;
  throw problemFromReply(response.status, await response.json().catch(() => undefined));
}
