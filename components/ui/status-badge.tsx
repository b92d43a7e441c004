import {
  Ban,
  Check,
  CircleDashed,
  CircleHelp,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Gauge,
  RotateCw,
  ShieldAlert,
  SkipForward,
  Stamp,
  Timer,
  Unplug,
  Workflow,
  X,
} from 'lucide-react';

import type { RunStatus, Step, StepStatus } from '#core/api/runs.ts';

import { Badge, type BadgeTone } from './badge.tsx';
import { cn } from './cn.ts';

export type AnyStatus = RunStatus | StepStatus;

interface StatusLook {
  readonly label: string;
  readonly tone: BadgeTone;
  readonly icon: LucideIcon;
  readonly spins?: true;
  /** Tailwind class of the plain colour, for dots, bars and icons. */
  readonly text: string;
  readonly fill: string;
}

/** How each status of a run and of a step is called and coloured, everywhere. */
export const STATUS_LOOK: Readonly<Record<AnyStatus, StatusLook>> = {
  queued: {
    label: 'Queued',
    tone: 'neutral',
    icon: CircleDashed,
    text: 'text-muted-foreground',
    fill: 'bg-neutral-fill',
  },
  running: {
    label: 'Running',
    tone: 'info',
    icon: LoaderCircle,
    spins: true,
    text: 'text-info',
    fill: 'bg-info-fill',
  },
  waiting: {
    label: 'Waiting',
    tone: 'warning',
    icon: Hourglass,
    text: 'text-warning',
    fill: 'bg-warning-fill',
  },
  in_doubt: { label: 'In doubt', tone: 'doubt', icon: CircleHelp, text: 'text-doubt', fill: 'bg-doubt-fill' },
  succeeded: {
    label: 'Succeeded',
    tone: 'success',
    icon: Check,
    text: 'text-success',
    fill: 'bg-success-fill',
  },
  failed: { label: 'Failed', tone: 'danger', icon: X, text: 'text-danger', fill: 'bg-danger-fill' },
  skipped: {
    label: 'Skipped',
    tone: 'neutral',
    icon: SkipForward,
    text: 'text-muted-foreground',
    fill: 'bg-neutral-fill',
  },
  cancelled: {
    label: 'Cancelled',
    tone: 'neutral',
    icon: Ban,
    text: 'text-muted-foreground',
    fill: 'bg-neutral-fill',
  },
};

type WaitingFor = NonNullable<Step['waitingFor']>;

/** Waiting is not one thing: each kind has its own word and icon. */
export const WAIT_LOOK: Readonly<Record<WaitingFor, { readonly label: string; readonly icon: LucideIcon }>> =
  {
    retry: { label: 'Retrying', icon: RotateCw },
    time: { label: 'Paused', icon: Timer },
    approval: { label: 'Waits for approval', icon: Stamp },
    call: { label: 'Waits for a called flow', icon: Workflow },
    breaker: { label: 'Held back', icon: ShieldAlert },
    budget: { label: 'Waits for its turn', icon: Gauge },
    connection: { label: 'Waits for its connection', icon: Unplug },
  };

/** How a status looks; for a step that waits, after what it waits for. */
export function lookOf(status: AnyStatus, waitingFor?: WaitingFor | null): StatusLook {
  const look = STATUS_LOOK[status];
  return status === 'waiting' && waitingFor ? { ...look, ...WAIT_LOOK[waitingFor] } : look;
}

interface StatusProps {
  status: AnyStatus;
  /** Of a step that waits. */
  waitingFor?: WaitingFor | null;
  className?: string;
}

/** The status as a coloured pill with icon and word. */
export function StatusBadge({ status, waitingFor, className }: StatusProps) {
  const look = lookOf(status, waitingFor);
  return (
    <Badge tone={look.tone} className={className} data-status={status}>
      <look.icon
        aria-hidden
        strokeWidth={2.5}
        className={cn(look.spins && 'animate-spin motion-reduce:animate-none')}
      />
      {look.label}
    </Badge>
  );
}

export interface StatusIconProps extends StatusProps {
  /** True where the word stands beside it, so that it is not read twice. */
  isDecorative?: boolean;
}

/** The status as an icon alone; its word is there for screen readers and on hover. */
export function StatusIcon({ status, waitingFor, isDecorative = false, className }: StatusIconProps) {
  const look = lookOf(status, waitingFor);
  return (
    <span className={cn('relative inline-flex', look.text, className)} title={look.label}>
      <look.icon
        aria-hidden
        strokeWidth={2.5}
        className={cn('size-3.5', look.spins && 'animate-spin motion-reduce:animate-none')}
      />
      {!isDecorative && <span className="sr-only">{look.label}</span>}
    </span>
  );
}
