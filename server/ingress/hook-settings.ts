import { flowSettingsSchema, type FlowSettings } from '#core/flow-document.ts';

/** The settings of a flow that its events are read by, as the statements of `server/sql` name them. */
export interface HookSettingsRow {
  readonly concurrency: unknown;
  readonly business_key: unknown;
}

const schema = flowSettingsSchema.pick({ concurrency: true, businessKey: true });

/** How runs stand in line, and what they are about. */
export function readHookSettings(row: HookSettingsRow): {
  readonly concurrency: FlowSettings['concurrency'];
  readonly businessKey: FlowSettings['businessKey'];
} {
  const { concurrency, businessKey } = schema.parse({
    concurrency: row.concurrency ?? undefined,
    businessKey: row.business_key ?? undefined,
  });
  return { concurrency, businessKey };
}
