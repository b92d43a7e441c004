import { z } from 'zod';

import type { TriggerDef } from '#connectors/contract.ts';
import { checkCron, isTimeZone } from '#core/check-cron.ts';

/** Settings of `core.schedule`: literals, since they are read when the flow is published. */
export const scheduleInput = z.strictObject({
  cron: z
    .string()
    .superRefine((cron, context) => {
      const fault = checkCron(cron);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .meta({
      title: 'When',
      help: 'Cron: minute, hour, day, month, weekday. A time that a change of the clocks leaves out is met right after it; one that comes twice is met once.',
      placeholder: '0 9 * * MON-FRI',
      widget: 'cron',
      expression: false,
    }),
  timezone: z
    .string()
    .refine(isTimeZone, 'write the name of a time zone, such as Europe/Berlin or UTC')
    .default('UTC')
    .meta({
      title: 'Time zone',
      help: 'The clock that counts. Times follow its summer time.',
      placeholder: 'Europe/Berlin',
      widget: 'timezone',
      expression: false,
    }),
  missed: z.enum(['once', 'skip']).default('once').meta({
    title: 'After a pause',
    help: 'When no worker was up at the planned time. Once: the last missed time runs, however many there were. Skip: times missed by more than a minute are left out.',
    expression: false,
  }),
});

export const schedule: TriggerDef = {
  kind: 'trigger',
  id: 'schedule',
  version: 1,
  label: 'Schedule',
  summary: 'Starts a run at planned times.',
  icon: 'calendar-clock',
  delivery: 'schedule',
  input: scheduleInput,
  output: z.object({ plannedAt: z.string() }),
  sample: { plannedAt: '2026-01-15T08:00:00.000Z' },
  initialConfig: { cron: '0 9 * * *', timezone: 'UTC', missed: 'once' },
};
