import type { FlowSettings } from '#core/flow-document.ts';

/** What a flow's settings are shown with and changed by; `undefined` takes one away. */
export interface FlowSettingsProps {
  readonly settings: FlowSettings;
  readonly set: (change: Partial<FlowSettings>) => void;
}
