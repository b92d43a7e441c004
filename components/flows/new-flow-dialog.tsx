'use client';

import { FileUp, LayoutTemplate } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState, type SubmitEvent } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useCreateFlow } from '#components/api/flows.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { SLUG_PATTERN } from '#core/flow-format.ts';

import { slugFromName } from '#core/slug-from-name.ts';

import { freeSlug } from './flow-slug.ts';
import { emptyFlow } from './empty-flow.ts';

export interface NewFlowDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  takenSlugs: ReadonlySet<string>;
  /** Makes the flow of an export instead. */
  onImport: () => void;
}

/** Asks for a name, makes an empty flow and opens it on the canvas. */
export function NewFlowDialog({ open, onOpenChange, takenSlugs, onImport }: NewFlowDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="New flow" description="You can rename it later; the slug stays.">
        <NewFlowForm takenSlugs={takenSlugs} onImport={onImport} />
      </DialogContent>
    </Dialog>
  );
}

function NewFlowForm({ takenSlugs, onImport }: Pick<NewFlowDialogProps, 'takenSlugs' | 'onImport'>) {
  const router = useRouter();
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const slug = ownSlug ?? freeSlug(slugFromName(name), takenSlugs);
  const create = useCreateFlow();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(emptyFlow(name.trim(), slug), { onSuccess: () => router.push(`/flows/${slug}`) });
  };
  const problem = create.error instanceof ApiProblem ? create.error : undefined;
  const slugError = problem?.messageAt('/slug') ?? slugProblem(slug);
  const isAtSlug = problem?.messageAt('/slug') !== undefined;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        <Field label="Name">
          <Input
            name="name"
            required
            autoFocus
            maxLength={200}
            placeholder="New orders to CRM"
            value={name}
            onValueChange={setName}
          />
        </Field>
        <Field
          label="Slug"
          help="Names the flow in addresses, in the API and in exports."
          error={name === '' ? undefined : slugError}
        >
          <Input
            name="slug"
            required
            spellCheck={false}
            autoCapitalize="none"
            className="font-mono text-xs"
            value={name === '' && ownSlug === null ? '' : slug}
            placeholder="new-orders-to-crm"
            onValueChange={(value) => {
              create.reset();
              setOwnSlug(value === '' ? null : value);
            }}
          />
        </Field>
        <FormProblem message={create.isError && !isAtSlug ? messageOf(create.error) : null} />
      </DialogBody>
      <DialogFooter>
        <div className="mr-auto -ml-2 flex">
          <Button variant="ghost" nativeButton={false} render={<Link href="/templates" />}>
            <LayoutTemplate aria-hidden />
            From a template
          </Button>
          <Button variant="ghost" onClick={onImport}>
            <FileUp aria-hidden />
            Import one
          </Button>
        </div>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button
          type="submit"
          variant="primary"
          loading={create.isPending || create.isSuccess}
          disabled={name.trim() === '' || slugProblem(slug) !== undefined}
        >
          Create the flow
        </Button>
      </DialogFooter>
    </form>
  );
}

function slugProblem(slug: string): string | undefined {
  return SLUG_PATTERN.test(slug)
    ? undefined
    : 'Use 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end.';
}
