'use client';

import { useState, type SubmitEvent } from 'react';

import { useCreateAlertChannel, usePatchAlertChannel } from '#components/api/alerts.ts';
import { messageOf } from '#components/api/api-problem.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { AlertChannel, QuietHours } from '#core/api/alerts.ts';

import { QuietFields } from './quiet-fields.tsx';

/** Makes a channel, or changes one; then shows a webhook's signing secret, once. `channel` null: closed. */
export function ChannelDialog({
  channel,
  onClose,
}: {
  channel: AlertChannel | 'new' | null;
  onClose: () => void;
}) {
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    setSecret(null);
    onClose();
  };
  return (
    // A secret that was not copied is lost: a click beside the dialog must not take it away.
    <Dialog
      open={channel !== null}
      onOpenChange={(open) => (open ? undefined : close())}
      disablePointerDismissal={secret !== null}
    >
      {channel !== null && secret === null && (
        <DialogContent
          key="form"
          title={channel === 'new' ? 'New channel' : channel.name}
          description="Addresses and secrets are sealed, and never shown again."
        >
          <ChannelForm
            channel={channel === 'new' ? null : channel}
            onDone={(made) => (made === null ? close() : setSecret(made))}
          />
        </DialogContent>
      )}
      {secret !== null && <SecretContent key="secret" secret={secret} />}
    </Dialog>
  );
}

function SecretContent({ secret }: { secret: string }) {
  return (
    <DialogContent title="Copy the signing secret now" description="It is shown this once.">
      <DialogBody>
        <CodeBlock code={secret} label="Signing secret" wrap />
        <p className="text-sm text-muted-foreground">
          Every call is signed as Standard Webhooks says. Check it with this secret, so that nobody else can
          raise alarms at your end.
        </p>
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button variant="primary" />}>I have copied it</DialogClose>
      </DialogFooter>
    </DialogContent>
  );
}

const KINDS = [
  { value: 'email', label: 'E-mail', hint: 'To one address or several' },
  { value: 'webhook', label: 'Webhook', hint: 'A signed call to a program of yours' },
  { value: 'slack', label: 'Slack', hint: 'By the address of an incoming webhook' },
] as const;

interface ChannelFormProps {
  readonly channel: AlertChannel | null;
  /** With the signing secret of a new webhook, else null. */
  readonly onDone: (secret: string | null) => void;
}

function ChannelForm({ channel, onDone }: ChannelFormProps) {
  const [kind, setKind] = useState<AlertChannel['kind']>(channel?.kind ?? 'email');
  const [name, setName] = useState(channel?.name ?? '');
  const [recipients, setRecipients] = useState(channel?.recipients.join(', ') ?? '');
  const [url, setUrl] = useState('');
  const [quietHours, setQuietHours] = useState<QuietHours | null>(channel?.quietHours ?? null);
  const create = useCreateAlertChannel();
  const patch = usePatchAlertChannel();
  const saving = channel === null ? create : patch;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const common = { name: name.trim(), quietHours };
    const addresses = recipients.split(/[\s,;]+/).filter((each) => each !== '');
    const where = kind === 'email' ? { recipients: addresses } : url === '' ? {} : { url: url.trim() };
    if (channel !== null)
      patch.mutate({ id: channel.id, ...common, ...where }, { onSuccess: () => onDone(null) });
    else
      create.mutate(
        kind === 'email' ? { kind, ...common, recipients: addresses } : { kind, ...common, url: url.trim() },
        {
          onSuccess: ({ signingSecret }) => onDone(signingSecret),
        },
      );
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {channel === null && (
          <Field label="Kind">
            <Select options={KINDS} value={kind} onValueChange={setKind} />
          </Field>
        )}
        <Field label="Name">
          <Input
            required
            autoFocus
            maxLength={100}
            placeholder="On call"
            value={name}
            onValueChange={setName}
          />
        </Field>
        {kind === 'email' ? (
          <Field label="Addresses" help="Several with commas between them.">
            <Input required placeholder="ada@example.com" value={recipients} onValueChange={setRecipients} />
          </Field>
        ) : (
          <Field
            label="Address"
            help={channel === null ? undefined : `Now at ${channel.host}. Leave it empty to keep it.`}
          >
            <Input
              required={channel === null}
              type="url"
              autoComplete="off"
              placeholder={
                kind === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://ops.example.com/alerts'
              }
              value={url}
              onValueChange={setUrl}
            />
          </Field>
        )}
        <QuietFields value={quietHours} onChange={setQuietHours} />
        <FormProblem message={saving.isError ? messageOf(saving.error) : null} />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" loading={saving.isPending}>
          {channel === null ? 'Create the channel' : 'Save'}
        </Button>
      </DialogFooter>
    </form>
  );
}
