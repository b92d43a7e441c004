import {
  BellRing,
  Cable,
  CircleHelp,
  MailWarning,
  RadioTower,
  Stamp,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';
import Link from 'next/link';

import { rowLink } from '#components/shell/row-links.ts';
import { Card } from '#components/ui/card.tsx';
import { cn } from '#components/ui/cn.ts';
import { Time } from '#components/ui/time.tsx';

import type { AttentionItem, AttentionKind } from './attention-kinds.ts';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: string;
  /** What the link to all of them says. */
  readonly all: string;
}

const LOOKS: Readonly<Record<AttentionKind['id'], Look>> = {
  alerts: { icon: BellRing, tone: 'bg-danger-soft text-danger', all: 'Open alerts' },
  in_doubt: { icon: CircleHelp, tone: 'bg-doubt-soft text-doubt', all: 'Settle them' },
  dead_letters: { icon: MailWarning, tone: 'bg-danger-soft text-danger', all: 'Open dead letters' },
  drift: { icon: Waypoints, tone: 'bg-warning-soft text-warning', all: 'Open drift' },
  connections: { icon: Cable, tone: 'bg-warning-soft text-warning', all: 'Open connections' },
  triggers: { icon: RadioTower, tone: 'bg-warning-soft text-warning', all: 'Open flows' },
  approvals: { icon: Stamp, tone: 'bg-accent-soft text-accent-text', all: 'Open approvals' },
};

/** Things of one kind that need somebody: how many, the first few, and the way to all. */
export function AttentionCard({ kind }: { kind: AttentionKind }) {
  const { icon: Icon, tone, all } = LOOKS[kind.id];
  const titleId = `attention-${kind.id}`;
  return (
    <Card aria-labelledby={titleId} className="overflow-hidden">
      <div className="flex items-center gap-3 px-4 py-3">
        <span className={cn('flex size-7 shrink-0 items-center justify-center rounded-md', tone)}>
          <Icon aria-hidden className="size-4" />
        </span>
        <h2 id={titleId} className="min-w-0 flex-1 text-base font-semibold tracking-tight">
          {kind.title}
        </h2>
        <Link
          href={kind.href}
          className="shrink-0 rounded-sm text-sm font-medium text-accent-text focus-ring hover:underline"
        >
          {all}
        </Link>
      </div>
      <ul className="divide-y divide-border border-t border-border">
        {kind.items.map((item) => (
          <AttentionRow key={item.key} item={item} />
        ))}
      </ul>
      {kind.more > 0 && (
        <p className="border-t border-border px-4 py-2 text-xs text-muted-foreground">
          and {kind.more.toLocaleString('en')} more
        </p>
      )}
    </Card>
  );
}

function AttentionRow({ item }: { item: AttentionItem }) {
  const { title, detail, at, isUpcoming = false, href } = item;
  return (
    <li className="relative flex items-start gap-4 px-4 py-2.5 hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60">
      <div className="min-w-0 flex-1">
        <Link
          href={href}
          {...rowLink}
          title={title}
          className="block truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
        >
          {title}
        </Link>
        <p className="mt-0.5 line-clamp-2 text-xs break-words text-muted-foreground" title={detail}>
          {detail}
        </p>
      </div>
      {at !== null && (
        <Time at={at} upcoming={isUpcoming} className="shrink-0 pt-0.5 text-xs text-subtle-foreground" />
      )}
    </li>
  );
}
