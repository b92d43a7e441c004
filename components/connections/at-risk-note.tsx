'use client';

import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';

import { useAtRisk } from '#components/api/connections.ts';
import { waitingInWords } from './breaker-words.ts';
import { Time } from '#components/ui/time.tsx';
import type { ConnectionAtRisk } from '#core/api/connection-risks.ts';

/** Connections that need somebody now or within a week, with the flows that stand on them. Nothing when there are none. */
export function AtRiskNote() {
  const { data: risks = [] } = useAtRisk();
  if (risks.length === 0) return null;
  return (
    <section
      aria-label="Needs somebody"
      className="mx-4 my-4 flex flex-col gap-2 rounded-lg border border-border bg-warning-soft px-4 py-3 text-sm md:mx-6"
    >
      <h2 className="flex items-center gap-2 font-medium text-warning">
        <TriangleAlert aria-hidden className="size-4 shrink-0" />
        {risks.length === 1 ? '1 connection needs' : `${risks.length} connections need`} somebody, now or
        within a week
      </h2>
      <ul className="flex flex-col gap-1.5">
        {risks.map((risk) => (
          <Risk key={risk.slug} risk={risk} />
        ))}
      </ul>
    </section>
  );
}

function Risk({ risk }: { risk: ConnectionAtRisk }) {
  const [gravest] = risk.risks;
  if (gravest === undefined) return null;
  return (
    <li className="min-w-0">
      <span className="font-medium">{risk.name}</span>: {gravest.message}
      {gravest.code === 'ends' && gravest.at !== null && (
        <>
          {' '}
          (<Time at={gravest.at} upcoming />)
        </>
      )}
      {risk.waitingSteps > 0 && ` ${waitingInWords(risk.waitingSteps)}.`}
      {risk.flows.length > 0 && (
        <span className="text-muted-foreground">
          {' '}
          Flows:{' '}
          {risk.flows.map((flow, index) => (
            <span key={flow}>
              {index > 0 && ', '}
              <Link
                href={`/flows/${flow}`}
                className="rounded-sm font-mono text-xs focus-ring hover:underline"
              >
                {flow}
              </Link>
            </span>
          ))}
        </span>
      )}
    </li>
  );
}
