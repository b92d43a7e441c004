import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { catalog } from '#connectors/definitions.ts';
import type { FlowImport, ImportLine, ImportOutcome } from '#core/import/flow-import.ts';
import type { Hint } from '#core/import/hint.ts';

const OUTCOMES: Readonly<Record<ImportOutcome, { readonly label: string; readonly tone: BadgeTone }>> = {
  left_out: { label: 'Not imported', tone: 'danger' },
  partly: { label: 'Needs a hand', tone: 'warning' },
  mapped: { label: 'Imported', tone: 'success' },
  not_needed: { label: 'Not needed', tone: 'neutral' },
  elsewhere: { label: 'Another start', tone: 'outline' },
};
/** What asks for something comes first. */
const ORDER: readonly ImportOutcome[] = ['left_out', 'partly', 'mapped', 'not_needed', 'elsewhere'];

export interface ImportReportProps {
  report: FlowImport;
  onStart: (key: string) => void;
}

/** What becomes of each node of another tool, before anything is made. */
export function ImportReport({ report, onStart }: ImportReportProps) {
  const { tool, lines, hints, starts, start } = report;
  const sorted = ORDER.flatMap((outcome) => lines.filter((line) => line.outcome === outcome));
  return (
    <section aria-label="Report of the import" className="flex flex-col gap-3">
      <p className="flex flex-wrap items-center gap-1.5 text-sm">
        <span className="mr-1 font-medium">From {tool}</span>
        {ORDER.map((outcome) => (
          <Count
            key={outcome}
            outcome={outcome}
            count={lines.filter((line) => line.outcome === outcome).length}
          />
        ))}
      </p>
      {starts.length > 1 && (
        <Field
          label="Begins with"
          help="A flow has one trigger. Import again to make a flow of another start."
        >
          <Select
            options={starts.map(({ key, name }) => ({ value: key, label: name }))}
            value={start ?? null}
            onValueChange={onStart}
          />
        </Field>
      )}
      {hints.length > 0 && <Hints hints={hints} />}
      <ul className="divide-y divide-border rounded-md border border-border">
        {sorted.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </ul>
    </section>
  );
}

function Count({ outcome, count }: { outcome: ImportOutcome; count: number }) {
  if (count === 0) return null;
  const { label, tone } = OUTCOMES[outcome];
  return (
    <Badge tone={tone}>
      {label}: {count}
    </Badge>
  );
}

function Line({ line }: { line: ImportLine }) {
  const { label, tone } = OUTCOMES[line.outcome];
  return (
    <li className="flex flex-col gap-1.5 px-3 py-2">
      <div className="flex items-start gap-2 text-sm">
        <div className="min-w-0 flex-1">
          <span className="font-medium break-words">{line.name}</span>{' '}
          <span className="text-xs break-words text-muted-foreground">
            {[line.type, ...line.to.map(wordFor)].join(' → ')}
          </span>
        </div>
        <Badge tone={tone}>{label}</Badge>
      </div>
      {line.hints.length > 0 && <Hints hints={line.hints} />}
    </li>
  );
}

function wordFor(type: string): string {
  return type === 'note' ? 'Note' : (catalog(type, 1)?.label ?? type);
}

function Hints({ hints }: { hints: readonly Hint[] }) {
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {hints.map(({ kind, place, why, remedy, original }, index) => (
        <li
          key={index}
          className="border-l-2 border-border pl-2 break-words text-muted-foreground data-[kind=do]:border-warning"
          data-kind={kind}
        >
          <span className="font-medium text-foreground">{place}.</span> {why}{' '}
          {remedy !== undefined && <span className="text-foreground">{remedy}</span>}
          {original !== undefined && (
            <code className="mt-0.5 line-clamp-3 block font-mono text-xs break-all">{original}</code>
          )}
        </li>
      ))}
    </ul>
  );
}
