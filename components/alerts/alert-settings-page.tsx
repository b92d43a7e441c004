'use client';

import { useState } from 'react';

import { lazyPart } from '#components/ui/lazy-part.tsx';
import type { AlertChannel, AlertRule } from '#core/api/alerts.ts';

import { ChannelsCard } from './channels-card.tsx';
import { RulesCard } from './rules-card.tsx';

const RuleDialog = lazyPart(
  async () => (await import('./rule-dialog.tsx')).RuleDialog,
  ({ rule }) => rule !== null,
);
const ChannelDialog = lazyPart(
  async () => (await import('./channel-dialog.tsx')).ChannelDialog,
  ({ channel }) => channel !== null,
);

/** What is watched, and where it is told. */
export function AlertSettingsPage() {
  const [rule, setRule] = useState<AlertRule | 'new' | null>(null);
  const [channel, setChannel] = useState<AlertChannel | 'new' | null>(null);
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-4 p-4 md:p-6">
      <RulesCard onOpen={setRule} />
      <ChannelsCard onOpen={setChannel} />
      <RuleDialog rule={rule} onClose={() => setRule(null)} />
      <ChannelDialog channel={channel} onClose={() => setChannel(null)} />
    </div>
  );
}
