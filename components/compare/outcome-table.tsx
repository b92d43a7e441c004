import type { ReactNode } from 'react';

import { StatusBadge } from '#components/ui/status-badge.tsx';
import { formatDuration } from '#components/ui/format-duration.ts';
import type { ComparedStepReply } from '#core/api/compare-runs.ts';

import { timeInWords } from './compare-words.ts';

type Facts = ComparedStepReply['after'];

/** How a step came out in both runs, and how long it took. */
export function OutcomeTable({ step: { before, after } }: { step: ComparedStepReply }) {
  const both = [before, after];
  const hasWaits = both.some((facts) => (facts?.waitMs ?? 0) > 0);
  return (
    <table className="mx-4 mb-4 w-[calc(100%-2rem)] table-fixed text-sm">
      <thead>
        <tr className="text-left text-xs text-subtle-foreground">
          <td className="w-20" />
          <th className="py-1 font-medium">Before</th>
          <th className="py-1 font-medium">This run</th>
        </tr>
      </thead>
      <tbody className="align-top [&_td]:py-1.5 [&_td]:pr-2 [&_th]:py-1.5 [&_tr]:border-t [&_tr]:border-border">
        <Line name="Came out" both={both} show={(facts) => <Outcome facts={facts} />} />
        <Line name="Took" both={both} show={timeInWords} />
        {hasWaits && (
          <Line
            name="Waited"
            both={both}
            show={(facts) => (facts === null ? '–' : formatDuration(facts.waitMs))}
          />
        )}
        <Line name="Attempts" both={both} show={(facts) => facts?.attempts ?? '–'} />
        <Line
          name="Went on by"
          both={both}
          show={(facts) => (facts?.ports.length ? facts.ports.join(', ') : '–')}
        />
      </tbody>
    </table>
  );
}

interface LineProps {
  readonly name: string;
  readonly both: readonly Facts[];
  readonly show: (facts: Facts) => ReactNode;
}

function Line({ name, both, show }: LineProps) {
  return (
    <tr>
      <th scope="row" className="text-left text-xs leading-5 font-normal text-muted-foreground">
        {name}
      </th>
      {both.map((facts, index) => (
        <td key={index} className="min-w-0 break-words tabular-nums">
          {show(facts)}
        </td>
      ))}
    </tr>
  );
}

function Outcome({ facts }: { facts: Facts }) {
  if (facts === null) return <span className="text-muted-foreground">Not reached</span>;
  return (
    <span className="flex flex-col items-start gap-1">
      <StatusBadge status={facts.status} />
      {facts.isReused && <span className="text-xs text-muted-foreground">taken over from another run</span>}
      {facts.error !== null && <span className="text-xs leading-4 text-danger">{facts.error.message}</span>}
    </span>
  );
}
