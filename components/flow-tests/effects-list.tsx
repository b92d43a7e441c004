'use client';

import { Select } from '#components/ui/select.tsx';

import { choiceOf, type AnnouncedCall, type CallChoices } from './effects-plan.ts';

export interface EffectsListProps {
  readonly calls: readonly AnnouncedCall[];
  readonly choices: CallChoices;
  readonly onChoose: (nodeId: string, choice: 'call' | 'answer') => void;
}

/** Says before a test run what it will really call, and lets a pin or the last answer stand in for each. */
export function EffectsList({ calls, choices, onChoose }: EffectsListProps) {
  if (calls.length === 0) return <p className="text-sm text-muted-foreground">This calls nobody.</p>;
  return (
    <div className="flex flex-col gap-1.5">
      <h3 className="text-sm font-medium">Calls</h3>
      <ul
        aria-label="What the run calls"
        className="flex flex-col divide-y divide-border rounded-md border border-border"
      >
        {calls.map((call) => (
          <li key={call.nodeId} className="flex items-center gap-3 px-3 py-2">
            <div className="min-w-0 flex-1">
              <p className="truncate text-sm font-medium">{call.label}</p>
              <p className="truncate text-xs text-muted-foreground" title={call.summary}>
                {words(call, choices)}
              </p>
            </div>
            {call.fixed === null && call.answer !== null && (
              <Select
                size="sm"
                className="w-48"
                aria-label={`What ${call.label} does`}
                options={[
                  { value: 'call', label: 'Really call' },
                  {
                    value: 'answer',
                    label: call.answer.source === 'pin' ? 'Use the pinned answer' : 'Use the last answer',
                  },
                ]}
                value={choiceOf(call, choices)}
                onValueChange={(choice: 'call' | 'answer') => onChoose(call.nodeId, choice)}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function words(call: AnnouncedCall, choices: CallChoices): string {
  if (choiceOf(call, choices) === 'call')
    return `${call.summary} will really ${call.effect === 'read' ? 'be read' : 'be called'}`;
  if (!call.answer) return 'Has no answer yet: run up to here once, or pin one';
  const { pin, source } = call.answer;
  if (source === 'pin' && 'error' in pin) return `Fails as pinned: ${pin.error.message}`;
  return source === 'pin' ? 'Answers with its pin' : 'Answers as it did in the run shown';
}
