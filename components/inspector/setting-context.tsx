'use client';

import { createContext, use } from 'react';
import type { ReactNode } from 'react';

import type { FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';

import type { NodeFault } from './node-fault.ts';
import type { PillFacts } from './pills/pill-look.ts';

/** What every setting of a form has in common. */
export interface SettingContextValue {
  readonly faults: readonly NodeFault[];
  /** Example data for completion and previews. */
  readonly scope: JsonObject;
  /** What pills are drawn from; absent where no data flows. */
  readonly pills?: PillFacts;
  readonly isReadOnly: boolean;
  /** The step that the settings are of; absent for forms of other things. */
  readonly node?: FlowNode;
}

const SettingContext = createContext<SettingContextValue>({ faults: [], scope: {}, isReadOnly: false });

export function SettingProvider({ value, children }: { value: SettingContextValue; children: ReactNode }) {
  return <SettingContext value={value}>{children}</SettingContext>;
}

export function useSettings(): SettingContextValue {
  return use(SettingContext);
}
