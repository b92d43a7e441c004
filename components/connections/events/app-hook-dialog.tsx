'use client';

import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useDeleteAppHook, usePutAppHook } from '#components/api/app-hooks.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { AlertDialog } from '#components/ui/alert-dialog.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyField } from '#components/ui/copy-field.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Steps } from '#components/ui/steps.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { AppHook } from '#core/api/app-hooks.ts';

import { AppHookSecret } from './app-hook-secret.tsx';
import { appHookState } from './app-hook-state.ts';

export interface AppHookDialogProps {
  /** Null: closed. */
  hook: AppHook | null;
  /** Whether the workspace has an OAuth app there. */
  hasClient: boolean;
  onClose: () => void;
}

/** The address for the events of one app, what to do with it there, and what the app signs with. */
export function AppHookDialog({ hook, hasClient, onClose }: AppHookDialogProps) {
  return (
    <Dialog open={hook !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {hook !== null && (
        <DialogContent
          title={`Events of ${hook.label}`}
          description="Once for the whole workspace, at the page of your app there."
        >
          {hook.url === null ? (
            <FirstStep key={hook.connector} hook={hook} />
          ) : (
            <Address key={hook.connector} hook={{ ...hook, url: hook.url }} hasClient={hasClient} />
          )}
        </DialogContent>
      )}
    </Dialog>
  );
}

function FirstStep({ hook }: { hook: AppHook }) {
  const put = usePutAppHook(hook.connector);
  return (
    <>
      <DialogBody>
        <p className="text-sm leading-5 text-muted-foreground">
          {hook.label} has to know where its events go. Make an address, and this page shows what to do with
          it.
        </p>
        <FormProblem message={put.isError ? messageOf(put.error) : null} />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button autoFocus variant="primary" loading={put.isPending} onClick={() => put.mutate({})}>
          Make the address
        </Button>
      </DialogFooter>
    </>
  );
}

function Address({ hook, hasClient }: { hook: AppHook & { readonly url: string }; hasClient: boolean }) {
  const [isRemoving, setRemoving] = useState(false);
  return (
    <>
      <DialogBody>
        <Steps steps={hook.setup} />
        <CopyField label="Address" text={hook.url} copyLabel="Copy the address" />
        <AppHookSecret hook={hook} hasClient={hasClient} />
        {/* That the token is awaited is said above. */}
        {(hook.isReady || hook.secret !== 'handshake') && <State hook={hook} hasClient={hasClient} />}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" className="mr-auto text-danger" onClick={() => setRemoving(true)}>
          Remove…
        </Button>
        <DialogClose render={<Button variant="primary" />}>Done</DialogClose>
      </DialogFooter>
      <RemoveDialog hook={hook} isOpen={isRemoving} onOpenChange={setRemoving} />
    </>
  );
}

function State({ hook, hasClient }: { hook: AppHook; hasClient: boolean }) {
  const { word, tone, sentence } = appHookState(hook, hasClient);
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted-foreground">
      <Badge tone={tone}>{word}</Badge>
      <span>
        {sentence}
        {tone === 'success' && hook.lastDeliveryAt !== null && (
          <>
            {' '}
            <Time at={hook.lastDeliveryAt} />
          </>
        )}
      </span>
    </p>
  );
}

interface RemoveDialogProps {
  hook: AppHook;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

function RemoveDialog({ hook, isOpen, onOpenChange }: RemoveDialogProps) {
  const remove = useDeleteAppHook(hook.connector);
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        toast.success(`The events of ${hook.label} are taken no more`);
        onOpenChange(false);
      },
    });
  return (
    <AlertDialog
      open={isOpen}
      onOpenChange={onOpenChange}
      title={`Take no more events of ${hook.label}?`}
      description={`Flows that begin with them start nothing from now on. What ${hook.label} still sends is answered 404 and lost. Set up again, it gets another address.`}
      confirmLabel="Remove the address"
      pending={remove.isPending}
      onConfirm={confirm}
    >
      <FormProblem message={remove.isError ? messageOf(remove.error) : null} />
    </AlertDialog>
  );
}
