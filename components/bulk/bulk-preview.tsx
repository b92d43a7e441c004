import { messageOf } from '#components/api/api-problem.ts';
import type { useBulkPreview } from '#components/api/bulk-actions.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { cn } from '#components/ui/cn.ts';
import { ScrollList } from '#components/ui/scroll-list.tsx';
import { Spinner } from '#components/ui/spinner.tsx';

import { runsInWords } from './bulk-words.ts';

export interface BulkPreviewViewProps {
  readonly preview: ReturnType<typeof useBulkPreview>;
  readonly sampleSize: number | undefined;
  /** Default: `runsInWords`. */
  readonly inWords?: ((count: number) => string) | undefined;
}

/** How many runs an action takes, and of which flows. */
export function BulkPreviewView({ preview, sampleSize, inWords = runsInWords }: BulkPreviewViewProps) {
  if (preview.isError) return <FormProblem message={messageOf(preview.error)} />;
  if (preview.data === undefined) {
    return (
      <p className="flex items-center gap-2 text-sm text-muted-foreground">
        <Spinner /> Counting …
      </p>
    );
  }
  const { total, flows } = preview.data;
  const hasSample = sampleSize !== undefined && sampleSize < total;
  return (
    <section
      aria-label="What it takes"
      className={cn(
        'flex flex-col gap-2 rounded-lg border border-border bg-background p-3.5 text-sm transition-opacity',
        preview.isPlaceholderData && 'opacity-60',
      )}
    >
      <p aria-live="polite">
        <strong className="font-semibold">{inWords(total)}</strong>
        {total === 0 ? ': nothing to do.' : ', the oldest first.'}
        {hasSample && ` The first ${sampleSize} go as a sample.`}
      </p>
      {flows.length > 0 && (
        <ScrollList aria-label="By flow" className="flex max-h-40 flex-col">
          {flows.map(({ flow, count }) => (
            <li key={flow} className="flex items-baseline gap-3 leading-6">
              <code className="min-w-0 truncate font-mono text-xs text-muted-foreground" title={flow}>
                {flow}
              </code>
              <span className="ml-auto tabular-nums">{count.toLocaleString('en')}</span>
            </li>
          ))}
        </ScrollList>
      )}
    </section>
  );
}
