'use client';

import { ArrowRight } from 'lucide-react';

import { stepKey } from '#components/runs/node-states.ts';
import { useStepWords } from '#components/runs/step-looks.tsx';
import { walkRows } from '#components/runs/walk-rows.ts';
import { Badge } from '#components/ui/badge.tsx';
import { cn } from '#components/ui/cn.ts';
import { StatusIcon } from '#components/ui/status-badge.tsx';
import type { ComparedStepReply, RunComparisonReply } from '#core/api/compare-runs.ts';

import { differencesInWords, stepName, timeInWords } from './compare-words.ts';

const COLUMNS =
  'grid grid-cols-[8rem_1fr_8rem] items-center gap-3 sm:grid-cols-[10rem_1fr_8.5rem] 2xl:grid-cols-[16rem_1fr_16rem]';

export interface CompareStepsProps {
  readonly comparison: RunComparisonReply;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** The steps in the order of the graph: what differs, and how long each took in both runs. Up and down walk the rows. */
export function CompareSteps({ comparison, selected, onSelect }: CompareStepsProps) {
  const { steps, parting } = comparison;
  const { labelOf } = useStepWords();
  const longestMs = Math.max(1, ...steps.flatMap(({ before, after }) => [before?.ms ?? 0, after?.ms ?? 0]));
  return (
    <section
      aria-label="Steps compared"
      className="flex min-h-0 shrink-0 flex-col border-t border-border bg-background lg:max-h-[45%]"
    >
      <div
        aria-hidden
        className={cn(
          COLUMNS,
          'h-8 shrink-0 border-b border-border px-4 text-xs text-subtle-foreground md:px-6',
        )}
      >
        <span>Step</span>
        <span className="truncate">What differs</span>
        <span className="truncate text-right">Took</span>
      </div>
      {steps.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-muted-foreground">Neither run has begun a step.</p>
      ) : (
        <ol onKeyDown={walkRows} className="min-h-0 overflow-y-auto py-1">
          {steps.map((step, index) => {
            const key = stepKey(step);
            const isSelected = key === selected;
            return (
              <li key={key}>
                <Row
                  step={step}
                  name={stepName(step, comparison, labelOf)}
                  isParting={parting !== null && key === stepKey(parting)}
                  isSelected={isSelected}
                  isStop={isSelected || (selected === null && index === 0)}
                  longestMs={longestMs}
                  onSelect={() => onSelect(key)}
                />
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

interface RowProps {
  readonly step: ComparedStepReply;
  readonly name: string;
  readonly isParting: boolean;
  readonly isSelected: boolean;
  /** The one row that the Tab key stops at; arrows do the rest. */
  readonly isStop: boolean;
  readonly longestMs: number;
  readonly onSelect: () => void;
}

function Row({ step, name, isParting, isSelected, isStop, longestMs, onSelect }: RowProps) {
  const words = differencesInWords(step);
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      tabIndex={isStop ? 0 : -1}
      onClick={onSelect}
      className={cn(
        COLUMNS,
        'min-h-9 w-full cursor-pointer px-4 py-1 text-left text-sm focus-ring-inset hover:bg-muted/70 md:px-6 pointer-coarse:min-h-11',
        isSelected && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <span
        className="flex min-w-0 items-center gap-2"
        style={{ paddingLeft: step.key === '' ? undefined : `${step.key.split('.').length * 0.875}rem` }}
      >
        <StatusChange step={step} />
        <span className="truncate" title={name}>
          {name}
        </span>
      </span>
      <span className="flex min-w-0 flex-wrap items-center gap-1.5">
        {isParting && <Badge tone="accent">Parts here</Badge>}
        {words.length === 0 ? (
          <span className="text-xs text-subtle-foreground">the same</span>
        ) : (
          <span className="min-w-0 text-xs text-muted-foreground">{words.join(' · ')}</span>
        )}
      </span>
      <span className="flex items-center justify-end gap-2.5 text-xs text-muted-foreground tabular-nums">
        <TimeBars step={step} longestMs={longestMs} />
        <span className="flex items-center gap-1 whitespace-nowrap">
          {timeInWords(step.before)}
          <ArrowRight aria-label="then" className="size-3" />
          <span className="text-foreground">{timeInWords(step.after)}</span>
        </span>
      </span>
    </button>
  );
}

function StatusChange({ step: { before, after } }: { step: ComparedStepReply }) {
  const isSame = before?.status === after?.status;
  return (
    <span className="flex shrink-0 items-center gap-0.5">
      {!isSame && (
        <>
          <Status facts={before} />
          <ArrowRight aria-hidden className="size-3 text-subtle-foreground" />
        </>
      )}
      <Status facts={after} />
    </span>
  );
}

function Status({ facts }: { facts: ComparedStepReply['after'] }) {
  if (facts !== null) return <StatusIcon status={facts.status} />;
  return (
    <span title="Not reached" className="inline-flex w-3.5 justify-center text-subtle-foreground">
      <span aria-hidden>–</span>
      <span className="sr-only">Not reached</span>
    </span>
  );
}

/** Above the earlier run's time, below the later one's. */
function TimeBars({ step, longestMs }: { step: ComparedStepReply; longestMs: number }) {
  const bars = [
    { name: 'before', ms: step.before?.ms ?? 0, fill: 'bg-neutral-fill' },
    { name: 'now', ms: step.after?.ms ?? 0, fill: 'bg-accent' },
  ];
  return (
    <span aria-hidden className="hidden w-24 flex-col gap-0.5 2xl:flex">
      {bars.map(({ name, ms, fill }) => (
        <span
          key={name}
          className={cn('h-1 rounded-full', fill)}
          style={{ width: ms === 0 ? 0 : `max(2px, ${(ms / longestMs) * 100}%)` }}
        />
      ))}
    </span>
  );
}
