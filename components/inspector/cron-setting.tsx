'use client';

import { useEditor } from '#components/canvas/editor-context.tsx';
import { Input } from '#components/ui/input.tsx';
import { useNow } from '#components/ui/use-now.ts';
import { checkCron, isTimeZone } from '#core/check-cron.ts';
import { nextTicks } from '#core/cron.ts';

import { cronInWords } from './cron-in-words.ts';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { textOf } from './value-mode.ts';

const SHOWN = 5;

/** A cron expression, in plain words below it, and the next times in the zone that the setting `timezone` names. */
export function CronSetting({ field, value, onChange, ids }: SettingControlProps) {
  const { isReadOnly } = useSettings();
  const zone = useEditor(({ document, selectedNodeIds }) => {
    const node = document.nodes.find(({ id }) => selectedNodeIds.has(id));
    return textOf(node?.config.timezone) || 'UTC';
  });
  const cron = textOf(value);
  return (
    <>
      <Input
        aria-labelledby={ids.labelledBy}
        aria-describedby={ids.describedBy}
        aria-invalid={ids.isInvalid}
        autoComplete="off"
        spellCheck={false}
        className="font-mono text-xs"
        readOnly={isReadOnly}
        value={cron}
        placeholder={field.placeholder}
        onChange={(event) => onChange(event.target.value)}
      />
      {cron.trim() !== '' && checkCron(cron) === undefined && isTimeZone(zone) && (
        <NextTimes cron={cron} zone={zone} />
      )}
    </>
  );
}

function NextTimes({ cron, zone }: { cron: string; zone: string }) {
  const now = useNow(60_000);
  const ticks = nextTicks(cron, zone, { after: new Date(now), count: SHOWN });
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  return (
    <div className="rounded-md border border-border bg-muted/50 px-2.5 py-2 text-xs">
      <p className="font-medium" data-testid="cron-words">
        {cronInWords(cron)}
      </p>
      <ol
        aria-label="The next times"
        className="mt-1 flex flex-col gap-0.5 text-muted-foreground tabular-nums"
      >
        {ticks.map((tick) => (
          <li key={tick.getTime()}>
            <time dateTime={tick.toISOString()}>{format.format(tick)}</time>
          </li>
        ))}
      </ol>
    </div>
  );
}
