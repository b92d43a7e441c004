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
}

const SettingContext = createContext<SettingContextValue>({ faults: [], scope: {}, isReadOnly: false });

// By itself: the step changes with every letter, and few settings ask for it.
const SettingNodeContext = createContext<FlowNode | undefined>(undefined);

export interface SettingProviderProps {
  readonly value: SettingContextValue;
  /** The step that the settings are of. Default: that of the form around; none for forms of other things. */
  readonly node?: FlowNode;
  readonly children: ReactNode;
}

export function SettingProvider({ value, node, children }: SettingProviderProps) {
  const around = useSettingNode();
  return (
    <SettingNodeContext value={node ?? around}>
      <SettingContext value={value}>{children}</SettingContext>
    </SettingNodeContext>
  );
}

export function useSettings(): SettingContextValue {
  return use(SettingContext);
}

/** The step that the settings around are of; undefined in forms of other things. */
export function useSettingNode(): FlowNode | undefined {
  return use(SettingNodeContext);
}
