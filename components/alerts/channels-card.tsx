'use client';

import { Hash, Mail, Plus, Webhook, type LucideIcon } from 'lucide-react';

import { useAlertChannels, useDeleteAlertChannel, useTestAlertChannel } from '#components/api/alerts.ts';
import { messageOf } from '#components/api/api-problem.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { MenuItem, MenuSeparator } from '#components/ui/menu.tsx';
import { RowMenu } from '#components/ui/row-menu.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { AlertChannel } from '#core/api/alerts.ts';

import { quietInWords } from './rule-words.ts';

const ICONS: Readonly<Record<AlertChannel['kind'], LucideIcon>> = {
  email: Mail,
  webhook: Webhook,
  slack: Hash,
};

/** Where alerts are told, each with a button that tries it. */
export function ChannelsCard({ onOpen }: { onOpen: (channel: AlertChannel | 'new') => void }) {
  const channels = useAlertChannels();
  return (
    <Card>
      <CardHeader
        title="Channels"
        description="Where alerts are told. Without one they are shown here alone."
        actions={
          <Button onClick={() => onOpen('new')}>
            <Plus aria-hidden />
            New channel
          </Button>
        }
      />
      {channels.isPending ? (
        <TableSkeleton rows={2} label="Loading the channels" />
      ) : channels.data === undefined ? (
        <PageProblem
          title="The channels could not be loaded"
          message={messageOf(channels.error)}
          onRetry={() => void channels.refetch()}
          isRetrying={channels.isFetching}
        />
      ) : channels.data.length === 0 ? (
        <EmptyState
          className="border-t border-border py-10"
          icon={<Mail aria-hidden />}
          title="No channel yet"
          description="Add e-mail, a webhook or Slack, and try it with its test button."
        />
      ) : (
        <ul className="divide-y divide-border border-t border-border">
          {channels.data.map((channel) => (
            <ChannelRow key={channel.id} channel={channel} onOpen={() => onOpen(channel)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ChannelRow({ channel, onOpen }: { channel: AlertChannel; onOpen: () => void }) {
  const { id, name, kind, recipients, host, quietHours } = channel;
  const test = useTestAlertChannel();
  const remove = useDeleteAlertChannel();
  const Icon = ICONS[kind];
  const send = () =>
    test.mutate(id, {
      onSuccess: ({ ok, message }) =>
        ok
          ? toast.success('The test went out', { description: message })
          : toast.error('The test did not go out', { description: message }),
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <span className="flex size-7 shrink-0 items-center justify-center rounded-md bg-muted text-muted-foreground">
        <Icon aria-hidden className="size-4" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{name}</p>
        <p className="mt-0.5 text-xs break-words text-muted-foreground">
          {kind === 'email' ? recipients.join(', ') : host}
          {quietHours !== null && `. ${quietInWords(quietHours)}`}
        </p>
        <LastNotice last={channel.lastNotice} />
      </div>
      <Button size="sm" loading={test.isPending} onClick={send} aria-label={`Send a test to ${name}`}>
        Send a test
      </Button>
      <RowMenu name={name}>
        <MenuItem onClick={onOpen}>Edit…</MenuItem>
        <MenuSeparator />
        <MenuItem
          danger
          onClick={() => remove.mutate(id, { onError: (error) => toast.error(messageOf(error)) })}
        >
          Delete
        </MenuItem>
      </RowMenu>
    </li>
  );
}

function LastNotice({ last }: { last: AlertChannel['lastNotice'] }) {
  if (last === null) return null;
  if (last.error === null) {
    return (
      <p className="mt-0.5 text-xs text-muted-foreground">
        Last told <Time at={last.at} />
      </p>
    );
  }
  return (
    <p className="mt-0.5 text-xs break-words text-danger">
      {last.isGivenUp ? 'The last notice was given up' : 'The last notice is being tried again'}: {last.error}
    </p>
  );
}
