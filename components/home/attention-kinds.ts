import { causeInWords } from '#components/dead-letters/cause-words.ts';
import { groupHref } from '#components/dead-letters/group-href.ts';
import { subscriptionWords } from '#components/flows/subscription-words.ts';
import { alertPath } from '#core/alerts/alert-words.ts';
import type { Alert } from '#core/api/alerts.ts';
import type { Approval } from '#core/api/approvals.ts';
import type { ConnectionAtRisk } from '#core/api/connection-risks.ts';
import type { DeadLetterGroups } from '#core/api/dead-letters.ts';
import type { DriftChange } from '#core/api/drift.ts';
import type { FlowSummary } from '#core/api/flows.ts';
import type { RunSummary } from '#core/api/runs.ts';

/** One thing that somebody has to look at, and where it is mended. */
export interface AttentionItem {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  /** ISO 8601; null where no time matters. */
  readonly at: string | null;
  /** The time is still to come. */
  readonly isUpcoming?: boolean;
  readonly href: string;
}

/** Things of one kind. */
export interface AttentionKind {
  readonly id: 'alerts' | 'in_doubt' | 'dead_letters' | 'drift' | 'connections' | 'triggers' | 'approvals';
  readonly title: string;
  readonly items: readonly AttentionItem[];
  /** How many there are besides those listed. */
  readonly more: number;
  /** The page with all of them. */
  readonly href: string;
}

export interface AttentionSources {
  readonly alerts: readonly Alert[];
  readonly inDoubt: readonly RunSummary[];
  readonly hasMoreInDoubt: boolean;
  readonly deadLetters: DeadLetterGroups;
  readonly atRisk: readonly ConnectionAtRisk[];
  readonly flows: readonly FlowSummary[];
  readonly approvals: readonly Approval[];
  readonly drift: readonly DriftChange[];
}

const LISTED = 3;

/** What needs somebody, the gravest first; kinds of which there is nothing are left out. */
export function attentionKinds(sources: AttentionSources): readonly AttentionKind[] {
  const triggers = sources.flows.flatMap(failingTrigger);
  const mine = sources.approvals.filter(({ canDecide }) => canDecide);
  const kinds: readonly AttentionKind[] = [
    {
      id: 'alerts',
      title: counted(sources.alerts.length, 'alert is open', 'alerts are open'),
      ...listed(sources.alerts.map(alertItem)),
      href: '/alerts',
    },
    inDoubt(sources),
    deadLetters(sources.deadLetters),
    drifted(sources.drift),
    {
      id: 'connections',
      title: counted(sources.atRisk.length, 'connection needs somebody', 'connections need somebody'),
      ...listed(sources.atRisk.flatMap(atRiskItem)),
      href: '/connections',
    },
    {
      id: 'triggers',
      title: counted(triggers.length, 'flow gets no events', 'flows get no events'),
      ...listed(triggers),
      href: '/flows',
    },
    {
      id: 'approvals',
      title: counted(mine.length, 'approval waits for you', 'approvals wait for you'),
      ...listed(mine.map(approvalItem)),
      href: '/approvals',
    },
  ];
  return kinds.filter(({ items }) => items.length > 0);
}

function alertItem(alert: Alert): AttentionItem {
  const { id, title, detail, openedAt } = alert;
  return { key: id, title, detail, at: openedAt, href: alertPath(alert) };
}

function inDoubt({ inDoubt: runs, hasMoreInDoubt }: AttentionSources): AttentionKind {
  const count = `${runs.length.toLocaleString('en')}${hasMoreInDoubt ? '+' : ''}`;
  return {
    id: 'in_doubt',
    title: runs.length === 1 ? '1 run is in doubt' : `${count} runs are in doubt`,
    ...listed(
      runs.map((run) => ({
        key: run.id,
        title: run.flowName,
        detail: 'A call may have been made before a crash. Say whether it was.',
        at: run.createdAt,
        href: `/runs/${run.id}`,
      })),
    ),
    href: '/runs?status=in_doubt',
  };
}

function deadLetters({ data, total }: DeadLetterGroups): AttentionKind {
  const newest = data.toSorted((a, b) => Date.parse(b.lastAt) - Date.parse(a.lastAt));
  const items = newest.map((group) => ({
    key: `${group.flow} ${group.nodeId} ${group.errorKind} ${group.cause}`,
    title: causeInWords(group),
    detail: `${group.flowName}${group.count > 1 ? `, ${group.count.toLocaleString('en')} runs` : ''}: ${group.message}`,
    at: group.lastAt,
    href: groupHref(group),
  }));
  return {
    id: 'dead_letters',
    title: counted(total, 'failed run waits', 'failed runs wait'),
    ...listed(items),
    href: '/dead-letters',
  };
}

/** New fields break nothing, and need nobody. */
function drifted(changes: readonly DriftChange[]): AttentionKind {
  const grave = changes.filter(({ kind }) => kind !== 'added');
  return {
    id: 'drift',
    title: counted(grave.length, 'change in what flows get', 'changes in what flows get'),
    ...listed(
      grave.map(({ id, flow, flowName, message, breaks, firstSeenAt }) => ({
        key: id,
        title: `${flowName}: ${message}`,
        detail:
          breaks.length === 0
            ? 'No setting reads it.'
            : `Breaks ${[...new Set(breaks.map(({ label }) => label))].join(', ')}.`,
        at: firstSeenAt,
        href: `/drift?flow=${encodeURIComponent(flow)}`,
      })),
    ),
    href: '/drift',
  };
}

function atRiskItem({ slug, name, risks, flows }: ConnectionAtRisk): AttentionItem[] {
  const [gravest] = risks;
  if (gravest === undefined) return [];
  const used = flows.length === 0 ? '' : ` Used by ${flows.join(', ')}.`;
  return [
    {
      key: slug,
      title: name || slug,
      detail: `${gravest.message}${used}`,
      at: gravest.at,
      isUpcoming: gravest.code === 'ends',
      href: '/connections',
    },
  ];
}

function failingTrigger(flow: FlowSummary): AttentionItem[] {
  const { slug, name, poll, subscription } = flow;
  const item = { key: slug, title: name, href: `/flows/${slug}` };
  if (poll?.error) {
    const times = poll.failures > 1 ? ` ${poll.failures.toLocaleString('en')} times` : '';
    return [{ ...item, detail: `Its poll failed${times}: ${poll.error.message}`, at: poll.askedAt }];
  }
  if (subscription === null) return [];
  const { tone, long } = subscriptionWords(subscription);
  const isWell = tone !== 'danger' && tone !== 'warning';
  return isWell ? [] : [{ ...item, detail: long, at: subscription.nextAt, isUpcoming: true }];
}

function approvalItem(approval: Approval): AttentionItem {
  return {
    key: approval.id,
    title: approval.question,
    detail: approval.flowName,
    at: approval.createdAt,
    href: `/runs/${approval.runId}`,
  };
}

function listed(items: readonly AttentionItem[]): Pick<AttentionKind, 'items' | 'more'> {
  return { items: items.slice(0, LISTED), more: Math.max(0, items.length - LISTED) };
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${many}`;
}
