'use client';

import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useUpdateMe } from '#components/api/workspace.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Role } from '#core/api/common.ts';
import type { Me } from '#core/api/workspace.ts';

export interface ProfileCardProps {
  user: NonNullable<Me['user']>;
  role: Role;
  workspace: string;
}

/** Name and e-mail address. */
export function ProfileCard({ user, role, workspace }: ProfileCardProps) {
  const [name, setName] = useState(user.name);
  const update = useUpdateMe();
  const problem = update.error instanceof ApiProblem ? update.error.messageAt('/name') : undefined;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    update.mutate({ name: name.trim() }, { onSuccess: () => toast.success('Name saved') });
  };
  return (
    <Card>
      <CardHeader
        title="Profile"
        description={
          <>
            In <span className="font-medium text-foreground">{workspace}</span> you have the role{' '}
            <Badge tone="accent">{role}</Badge>
          </>
        }
      />
      <CardBody>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Name" error={problem}>
            <Input
              name="name"
              autoComplete="name"
              required
              maxLength={200}
              value={name}
              onValueChange={setName}
            />
          </Field>
          <Field label="E-mail" help="You sign in with it. It cannot be changed here.">
            <Input
              type="email"
              name="email"
              readOnly
              value={user.email}
              className="bg-muted text-muted-foreground"
            />
          </Field>
          <FormProblem message={update.isError && problem === undefined ? messageOf(update.error) : null} />
          <Button
            type="submit"
            className="self-start"
            loading={update.isPending}
            disabled={name.trim() === '' || name.trim() === user.name}
          >
            Save the name
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}
