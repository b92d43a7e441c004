import { CornerDownRight, GitBranch, type LucideIcon, Play, Repeat2, TriangleAlert } from 'lucide-react';

import { Badge } from '#components/ui/badge.tsx';
import { cn } from '#components/ui/cn.ts';
import { ScrollList } from '#components/ui/scroll-list.tsx';
import type { ReplayPlan } from '#core/api/replay.ts';

import { effectInWords, isRepeated, planInWords } from './plan-words.ts';

/** What a replay will do: in a sentence, the calls it makes, and step by step. `isOld` while a newer one is worked out. */
export function PlanView({ plan, isOld }: { plan: ReplayPlan; isOld: boolean }) {
  return (
    <section
      aria-label="What will happen"
      aria-busy={isOld}
      className={cn(
        'flex flex-col gap-3 rounded-lg border border-border bg-background p-3.5 transition-opacity',
        isOld && 'opacity-60',
      )}
    >
      <h3 className="text-sm font-semibold">What will happen</h3>
      <p aria-live="polite" className="-mt-2 text-sm leading-5">
        {planInWords(plan)}
      </p>
      {plan.warnings.map((warning) => (
        <p
          key={warning}
          className="flex items-start gap-2 rounded-md bg-warning-soft px-2.5 py-2 text-sm text-warning"
        >
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{warning}</span>
        </p>
      ))}
      <Effects effects={plan.effects} />
      <div className="grid gap-x-6 gap-y-3 sm:grid-cols-3">
        <Steps icon={Play} title="Runs" steps={plan.executed} />
        <Steps icon={GitBranch} title="May run" steps={plan.possible} />
        <Steps icon={CornerDownRight} title="Taken over" steps={plan.reused} isQuiet />
      </div>
    </section>
  );
}

function Effects({ effects }: { effects: ReplayPlan['effects'] }) {
  if (effects.length === 0) return null;
  return (
    <ul aria-label="Calls" className="flex flex-col divide-y divide-border rounded-md border border-border">
      {effects.map((effect) => (
        <li key={effect.nodeId} className="flex flex-col gap-0.5 px-2.5 py-2 text-sm">
          <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium">{effect.label}</span>
            {isRepeated(effect) && (
              <Badge tone="warning">
                <Repeat2 aria-hidden />
                Again
              </Badge>
            )}
          </span>
          {effect.summary !== '' && (
            <code className="font-mono text-xs break-all text-muted-foreground">{effect.summary}</code>
          )}
          <span className="text-xs text-muted-foreground">{effectInWords(effect)}</span>
        </li>
      ))}
    </ul>
  );
}

interface StepsProps {
  icon: LucideIcon;
  title: string;
  steps: ReplayPlan['executed'];
  isQuiet?: boolean;
}

function Steps({ icon: Icon, title, steps, isQuiet = false }: StepsProps) {
  if (steps.length === 0) return null;
  return (
    <div className="min-w-0">
      <h4 className="flex items-center gap-1.5 text-xs font-medium text-muted-foreground">
        <Icon aria-hidden className="size-3.5" />
        {title}
        <span className="tabular-nums">{steps.length}</span>
      </h4>
      <ScrollList aria-label={title} className="mt-1 flex max-h-40 flex-col">
        {steps.map(({ nodeId, label }) => (
          <li
            key={nodeId}
            title={label}
            className={cn('truncate text-sm leading-6', isQuiet && 'text-muted-foreground')}
          >
            {label}
          </li>
        ))}
      </ScrollList>
    </div>
  );
}
