'use client';

import { useState, type SubmitEvent } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useCancelConnectLink, useConnectLinks, useCreateConnectLink } from '#components/api/connections.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Time } from '#components/ui/time.tsx';
import type { Connection, ConnectLink } from '#core/api/connections.ts';

const LIFETIMES = [
  { value: '1', label: 'One hour' },
  { value: '24', label: 'One day' },
  { value: '168', label: 'One week' },
] as const;

/** Makes a link by which someone without an account here grants access to theirs. `connection` null: closed. */
export function ConnectLinkDialog({
  connection,
  onClose,
}: {
  connection: Connection | null;
  onClose: () => void;
}) {
  return (
    <Dialog open={connection !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {connection !== null && (
        <DialogContent
          title="Have somebody else connect"
          description={`Whoever opens the link grants “${connection.name}” access to their account. They need no account here; the link works once.`}
        >
          <LinkForm key={connection.slug} slug={connection.slug} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function LinkForm({ slug }: { slug: string }) {
  const [purpose, setPurpose] = useState('');
  const [hours, setHours] = useState<(typeof LIFETIMES)[number]['value']>('24');
  const create = useCreateConnectLink(slug);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ purpose: purpose.trim(), expiresInHours: Number(hours) });
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {create.data === undefined ? (
          <>
            <Field label="What it is for" help="Shown to whoever opens the link.">
              <Input
                required
                maxLength={200}
                placeholder="Copy new leads into our billing"
                value={purpose}
                onValueChange={setPurpose}
              />
            </Field>
            <Field label="Works for">
              <Select options={LIFETIMES} value={hours} onValueChange={setHours} />
            </Field>
            <FormProblem message={create.isError ? messageOf(create.error) : null} />
          </>
        ) : (
          <div className="flex flex-col gap-2">
            <div className="flex items-center gap-1 rounded-md border border-border bg-muted/50 py-1 pr-1 pl-2.5">
              <code className="min-w-0 flex-1 truncate font-mono text-xs">{create.data.url}</code>
              <CopyButton text={create.data.url} label="Copy the link" />
            </div>
            <p className="text-sm text-muted-foreground">Copy it now: it is not shown again.</p>
          </div>
        )}
        <OpenLinks slug={slug} />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Close</DialogClose>
        {create.data === undefined && (
          <Button type="submit" variant="primary" loading={create.isPending}>
            Make the link
          </Button>
        )}
      </DialogFooter>
    </form>
  );
}

function OpenLinks({ slug }: { slug: string }) {
  const { data: links = [] } = useConnectLinks(slug);
  const open = links.filter(({ state }) => state === 'open');
  if (open.length === 0) return null;
  return (
    <section className="flex flex-col gap-1.5 text-sm">
      <h3 className="font-medium">Open links</h3>
      <ul className="flex flex-col gap-1">
        {open.map((link) => (
          <OpenLink key={link.id} slug={slug} link={link} />
        ))}
      </ul>
    </section>
  );
}

function OpenLink({ slug, link }: { slug: string; link: ConnectLink }) {
  const cancel = useCancelConnectLink(slug);
  return (
    <li className="flex items-center gap-2">
      <span className="min-w-0 flex-1 truncate" title={link.purpose}>
        {link.purpose}
      </span>
      <span className="text-xs whitespace-nowrap text-muted-foreground">
        ends <Time at={link.expiresAt} upcoming />
      </span>
      <Button
        size="sm"
        variant="ghost"
        loading={cancel.isPending}
        aria-label={`Cancel the link “${link.purpose}”`}
        onClick={() => cancel.mutate(link.id)}
      >
        Cancel
      </Button>
    </li>
  );
}
