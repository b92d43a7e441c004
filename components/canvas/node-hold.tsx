'use client';

import { ShieldAlert } from 'lucide-react';
import { createContext, use, useMemo } from 'react';
import type { ReactNode } from 'react';

import { isHolding, useBreakers } from '#components/api/breakers.ts';
import { reasonInWords, waitingInWords } from '#components/connections/breaker-words.ts';
import { formatClock } from '#components/ui/format-time.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { Breaker } from '#core/api/breakers.ts';
import type { FlowNode } from '#core/flow-document.ts';

/** Those that hold calls back, by the scope that they are of. */
type Holds = ReadonlyMap<string, Breaker>;

const NONE: Holds = new Map();
const HoldsContext = createContext(NONE);

/** Looks for all nodes of a canvas at once; one look each would be hundreds. */
export function HoldsProvider({ children }: { children: ReactNode }) {
  const { data } = useBreakers();
  const holds = useMemo(() => {
    const holding = data?.data.filter(isHolding) ?? [];
    return holding.length === 0 ? NONE : new Map(holding.map((breaker) => [breaker.scope, breaker]));
  }, [data]);
  return <HoldsContext value={holds}>{children}</HoldsContext>;
}

/** The marker on a node whose far end calls are held back from: why, and until when, on hover. */
export function NodeHold({ node }: { node: FlowNode }) {
  const holds = use(HoldsContext);
  const scope = holds.size === 0 ? undefined : scopeOf(node);
  const breaker = scope === undefined ? undefined : holds.get(scope);
  if (breaker === undefined) return null;
  const words = inWords(breaker);
  return (
    <Tooltip label={words} side="top">
      <span
        role="img"
        aria-label={`Held back. ${words}`}
        className="flex h-5 shrink-0 items-center rounded-full bg-warning-soft px-1.5 text-warning"
      >
        <ShieldAlert aria-hidden className="size-3" />
      </span>
    </Tooltip>
  );
}

function inWords(breaker: Breaker): string {
  const until =
    breaker.pausedUntil !== null && breaker.state !== 'half_open'
      ? `until ${formatClock(Date.parse(breaker.pausedUntil), Date.now())}`
      : '';
  const held = ['Calls are held back', until].filter(Boolean).join(' ');
  const waiting = waitingInWords(breaker.waitingSteps);
  return `${held}. ${reasonInWords(breaker)}.${waiting === '' ? '' : ` ${waiting}.`}`;
}

/** The host of a URL that an expression makes is not known before. */
function scopeOf({ connection, type, config }: FlowNode): string | undefined {
  if (connection !== undefined) return `connection:${connection}`;
  const url = type === 'http.request' ? config['url'] : undefined;
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  return `host:${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
