'use client';

import { BellRing, Plus } from 'lucide-react';

import {
  useAlertChannels,
  useAlertRules,
  useCreateAlertRules,
  useDeleteAlertRule,
  usePatchAlertRule,
} from '#components/api/alerts.ts';
import { messageOf } from '#components/api/api-problem.ts';
import { useFlows } from '#components/api/flows.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { MenuItem, MenuSeparator } from '#components/ui/menu.tsx';
import { RowMenu } from '#components/ui/row-menu.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { toast } from '#components/ui/toast.tsx';
import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import type { AlertRule } from '#core/api/alerts.ts';

import { conditionInWords, recommendedRules } from './rule-words.ts';

/** The rules, each with what sets it off and whom it tells. */
export function RulesCard({ onOpen }: { onOpen: (rule: AlertRule | 'new') => void }) {
  const rules = useAlertRules();
  return (
    <Card>
      <CardHeader
        title="Rules"
        description="What Patchbay watches, every 10 seconds. Web processes watch, too: you hear of it when no worker is alive."
        actions={
          <Button variant={rules.data?.length === 0 ? 'secondary' : 'primary'} onClick={() => onOpen('new')}>
            <Plus aria-hidden />
            New rule
          </Button>
        }
      />
      {rules.isPending ? (
        <TableSkeleton rows={3} label="Loading the rules" />
      ) : rules.data === undefined ? (
        <PageProblem
          title="The rules could not be loaded"
          message={messageOf(rules.error)}
          onRetry={() => void rules.refetch()}
          isRetrying={rules.isFetching}
        />
      ) : rules.data.length === 0 ? (
        <NoRules />
      ) : (
        <ul className="divide-y divide-border border-t border-border">
          {rules.data.map((rule) => (
            <RuleRow key={rule.id} rule={rule} onOpen={() => onOpen(rule)} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function NoRules() {
  const channels = useAlertChannels();
  const create = useCreateAlertRules();
  const begin = () =>
    create.mutate(recommendedRules((channels.data ?? []).map(({ id }) => id)), {
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <EmptyState
      className="border-t border-border py-12"
      icon={<BellRing aria-hidden />}
      title="Nothing is watched yet"
      description="Begin with the recommended rules: failing runs, dead letters, waiting work, missed schedules, connections, the ledger, and a gone worker. All channels below are told."
    >
      <Button variant="primary" loading={create.isPending} disabled={channels.isPending} onClick={begin}>
        Use the recommended rules
      </Button>
    </EmptyState>
  );
}

function RuleRow({ rule, onOpen }: { rule: AlertRule; onOpen: () => void }) {
  const patch = usePatchAlertRule();
  const remove = useDeleteAlertRule();
  const flowName = useFlows().data?.find(({ slug }) => slug === rule.flow)?.name ?? rule.flow;
  const { label, isOfFlow } = ALERT_KINDS[rule.kind];
  const failed = (error: Error) => toast.error(messageOf(error));
  const scope = rule.flow === null ? (isOfFlow ? 'Each flow' : 'The workspace') : flowName;
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Switch
        aria-label={`${label}, ${scope ?? ''}: on`}
        checked={rule.isEnabled}
        disabled={patch.isPending}
        onCheckedChange={(isEnabled) => patch.mutate({ id: rule.id, isEnabled }, { onError: failed })}
      />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
          <span className="font-medium">{label}</span>
          <span className="min-w-0 truncate text-muted-foreground">{scope}</span>
          {rule.openAlerts > 0 && <Badge tone="danger">{rule.openAlerts} open</Badge>}
          {rule.isUrgent && <Badge tone="outline">Urgent</Badge>}
        </p>
        <p className="mt-0.5 text-xs text-muted-foreground">
          {conditionInWords(rule)}. <Told channels={rule.channels} />
        </p>
      </div>
      <RowMenu name={label}>
        <MenuItem onClick={onOpen}>Edit…</MenuItem>
        <MenuSeparator />
        <MenuItem danger onClick={() => remove.mutate(rule.id, { onError: failed })}>
          Delete
        </MenuItem>
      </RowMenu>
    </li>
  );
}

function Told({ channels }: { channels: readonly string[] }) {
  const known = useAlertChannels().data ?? [];
  const names = known.filter(({ id }) => channels.includes(id)).map(({ name }) => name);
  return names.length === 0 ? 'Shown here alone.' : `Tells ${names.join(', ')}.`;
}
