import type { Json } from '../json.ts';
import type { FlowView } from './flow-view.ts';

/** The flow's own settings that are computed of an event before any step has run, each with its JSON pointer. */
export function computedSettings({
  settings,
}: Pick<FlowView, 'settings'>): readonly { readonly pointer: string; readonly value: Json }[] {
  const values = [
    { pointer: '/settings/concurrency/key', value: settings.concurrency?.key },
    { pointer: '/settings/businessKey/value', value: settings.businessKey?.value },
  ];
  return values.flatMap(({ pointer, value }) => (value === undefined ? [] : [{ pointer, value }]));
}
