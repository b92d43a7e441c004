import { isJsonObject, type Json } from '#core/json.ts';
import type { Run } from '#core/api/runs.ts';

import { DetailSection } from './detail-section.tsx';
import { Payload } from './payload.tsx';
import { RunValue } from './run-value.tsx';
import { startedByInWords } from './run-words.ts';

const PARTS = [
  { key: 'body', title: 'Body', startsOpen: true },
  { key: 'query', title: 'Query', startsOpen: true },
  { key: 'headers', title: 'Headers', startsOpen: false },
] as const;

/** The event that began the run, as expressions see it under `trigger`. */
export function TriggerDetails({ run }: { run: Run }) {
  const trigger = isJsonObject(run.trigger) ? run.trigger : {};
  const isCut = run.cut.some(({ of }) => of === 'trigger');
  const parts = PARTS.filter(({ key }) => !isEmpty(trigger[key]) || (key === 'body' && isCut));
  return (
    <div>
      <div className="px-4 py-3">
        <h2 className="text-base font-semibold tracking-tight">{startedByInWords(run.startedBy)}</h2>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-muted-foreground">
          <code className="font-mono">trigger</code>
          {typeof trigger['method'] === 'string' && trigger['method'] !== '' && (
            <span>{trigger['method']}</span>
          )}
        </p>
      </div>
      {parts.length === 0 && (
        <p className="px-4 pb-4 text-sm text-subtle-foreground">The event carried no data.</p>
      )}
      {parts.map(({ key, title, startsOpen }) => (
        <DetailSection key={key} title={title} startsOpen={startsOpen}>
          {key === 'body' ? (
            <RunValue run={run} of="trigger" value={trigger[key] ?? null} label="body" />
          ) : (
            <Payload value={trigger[key] ?? null} label={title.toLowerCase()} />
          )}
        </DetailSection>
      ))}
    </div>
  );
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return isJsonObject(value) && Object.keys(value).length === 0;
}
