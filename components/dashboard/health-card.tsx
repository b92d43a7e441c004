'use client';

import { CircleCheck } from 'lucide-react';
import Link from 'next/link';

import { useBreakers } from '#components/api/breakers.ts';
import { useAtRisk } from '#components/api/connections.ts';
import { reasonInWords, waitingInWords } from '#components/connections/breaker-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx';

/** Far ends that calls are held back from, and connections that need somebody; or that there are none. */
export function HealthCard() {
  const { data: breakers } = useBreakers();
  const { data: risks = [] } = useAtRisk();
  const held = (breakers?.data ?? []).filter(
    ({ state, pausedUntil }) => state !== 'closed' || pausedUntil !== null,
  );
  return (
    <Card aria-label="Connections">
      <CardHeader title="Connections" />
      <CardBody className="pt-0 text-sm">
        {held.length + risks.length === 0 ? (
          <p className="flex items-center gap-2 py-2 text-muted-foreground">
            <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />
            Every connection works, and no call is held back.
          </p>
        ) : (
          <ul className="divide-y divide-border">
            {held.map((breaker) => (
              <li key={breaker.scope} className="flex items-baseline justify-between gap-3 py-2">
                <Name text={breaker.connection ?? breaker.host ?? breaker.scope} />
                <span className="min-w-0 text-right text-muted-foreground">
                  {[reasonInWords(breaker), waitingInWords(breaker.waitingSteps)].filter(Boolean).join('; ')}{' '}
                  <Badge tone="warning">{breaker.state === 'half_open' ? 'Being tried' : 'Held back'}</Badge>
                </span>
              </li>
            ))}
            {risks.map((risk) => (
              <li key={risk.slug} className="flex items-baseline justify-between gap-3 py-2">
                <Name text={risk.name} />
                <span className="min-w-0 text-right text-muted-foreground">{risk.risks[0]?.message}</span>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}

function Name({ text }: { text: string }) {
  return (
    <Link href="/connections" className="shrink-0 rounded-sm font-medium focus-ring hover:underline">
      {text}
    </Link>
  );
}
