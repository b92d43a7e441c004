'use client';

import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useChangePassword } from '#components/api/workspace.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { PasswordInput } from '#components/shell/password-input.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { toast } from '#components/ui/toast.tsx';
import { PASSWORD_LENGTH } from '#core/api/words.ts';

/** Changes the password. Every other browser is signed out by it. */
export function PasswordCard() {
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const change = useChangePassword();
  const problem = change.error instanceof ApiProblem ? change.error : undefined;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(
      { currentPassword, newPassword },
      {
        onSuccess: () => {
          setCurrent('');
          setNew('');
          toast.success('Password changed', { description: 'Every other browser has been signed out.' });
        },
      },
    );
  };
  const isAtField = problem?.messageAt('/currentPassword') ?? problem?.messageAt('/newPassword');
  return (
    <Card>
      <CardHeader title="Password" description="A change signs you out everywhere else." />
      <CardBody>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Current password" error={problem?.messageAt('/currentPassword')}>
            <PasswordInput
              name="current-password"
              autoComplete="current-password"
              required
              value={currentPassword}
              onValueChange={setCurrent}
            />
          </Field>
          <Field
            label="New password"
            help={`At least ${PASSWORD_LENGTH.min} characters.`}
            error={problem?.messageAt('/newPassword')}
          >
            <PasswordInput
              name="new-password"
              autoComplete="new-password"
              required
              minLength={PASSWORD_LENGTH.min}
              maxLength={PASSWORD_LENGTH.max}
              value={newPassword}
              onValueChange={setNew}
            />
          </Field>
          <FormProblem message={change.isError && isAtField === undefined ? messageOf(change.error) : null} />
          <Button
            type="submit"
            className="self-start"
            loading={change.isPending}
            disabled={currentPassword === '' || newPassword === ''}
          >
            Change the password
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}
