'use client';

import { Check, GitCompareArrows } from 'lucide-react';

import { stepKey } from '#components/runs/node-states.ts';
import { useStepWords } from '#components/runs/step-looks.tsx';
import { Button } from '#components/ui/button.tsx';
import type { ComparedStepReply, RunComparisonReply } from '#core/api/compare-runs.ts';

import { partingInWords, stepName } from './compare-words.ts';

export interface VerdictProps {
  readonly comparison: RunComparisonReply;
  readonly onSelect: (key: string) => void;
}

/** In a sentence: where the runs part, and from where on their data differ. */
export function Verdict({ comparison, onSelect }: VerdictProps) {
  const { parting, first, steps } = comparison;
  const { labelOf } = useStepWords();
  const find = (place: typeof first) =>
    steps.find((each) => place !== null && stepKey(each) === stepKey(place));
  const [partingStep, firstStep] = [find(parting), find(first)];
  const isSame = firstStep === undefined;
  const link = (step: ComparedStepReply) => (
    <Button
      variant="link"
      className="h-auto min-w-0 whitespace-normal text-left"
      onClick={() => onSelect(stepKey(step))}
    >
      {stepName(step, comparison, labelOf)}
    </Button>
  );
  return (
    <section
      aria-label="Result of the comparison"
      className="flex shrink-0 items-start gap-2.5 border-b border-border bg-surface px-4 py-2.5 text-sm leading-6 md:px-6"
    >
      {isSame ? (
        <Check aria-hidden className="mt-1 size-4 shrink-0 text-success" />
      ) : (
        <GitCompareArrows aria-hidden className="mt-1 size-4 shrink-0 text-accent-text" />
      )}
      <div className="min-w-0">
        {partingStep === undefined ? (
          <p className="font-medium">
            {isSame
              ? 'Every step came out the same, with the same data.'
              : 'Every step came out the same way.'}
          </p>
        ) : (
          <p>
            <span className="font-medium">The runs part at</span> {link(partingStep)}:{' '}
            {partingInWords(partingStep)}.
          </p>
        )}
        {firstStep !== undefined &&
          (partingStep === undefined || stepKey(firstStep) !== stepKey(partingStep)) && (
            <p className="text-muted-foreground">Their data differ from {link(firstStep)} on.</p>
          )}
        {comparison.loops === 'folded' && (
          <p className="text-muted-foreground">
            The loops have too many items to go through here: they are compared by what went in and came out.
          </p>
        )}
      </div>
    </section>
  );
}
