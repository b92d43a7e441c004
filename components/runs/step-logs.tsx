import { DetailSection } from './detail-section.tsx';

/** The lines that a step's code logged. */
export function StepLogs({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <DetailSection title="Log" aside={`${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`}>
      {/* A scrolling region must be reachable by keyboard. */}
      <ol
        tabIndex={0}
        aria-label="Log"
        className="max-h-72 overflow-auto rounded-md border border-border bg-background py-1.5 font-mono text-xs leading-5 focus-ring"
      >
        {lines.map((line, index) => (
          <li key={index} className="flex gap-3 px-3 hover:bg-muted/60">
            <span
              aria-hidden
              className="w-6 shrink-0 text-right text-subtle-foreground tabular-nums select-none"
            >
              {index + 1}
            </span>
            <span className="min-w-0 break-words whitespace-pre-wrap">{line}</span>
          </li>
        ))}
      </ol>
    </DetailSection>
  );
}
