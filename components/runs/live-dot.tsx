import type { StreamState } from '#components/api/event-source.ts';
import { cn } from '#components/ui/cn.ts';

const WORDS: Readonly<Record<StreamState, string>> = {
  live: 'Live',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
};

/** Tells whether the page follows what happens. */
export function LiveDot({ state }: { state: StreamState }) {
  return (
    <span role="status" className="inline-flex shrink-0 items-center gap-1.5 text-xs text-muted-foreground">
      <span
        aria-hidden
        className={cn('relative flex size-2 rounded-full', state === 'live' ? 'bg-success' : 'bg-warning')}
      >
        {state === 'live' && (
          <span className="absolute inset-0 animate-ping rounded-full bg-success opacity-40 [animation-duration:2.5s] motion-reduce:hidden" />
        )}
      </span>
      {WORDS[state]}
    </span>
  );
}
