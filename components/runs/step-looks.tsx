'use client';

import { createContext, use, useMemo, type ReactNode } from 'react';

import type { StepLooks } from '#connectors/looks.ts';

import { stepWords, type StepWords } from './step-words.ts';

const StepLooksContext = createContext<StepLooks>({});

/** What the registry says of steps, read by the server: a run is readable before the registry is loaded to draw its flow. */
export function StepLooksProvider({ looks, children }: { looks: StepLooks; children: ReactNode }) {
  return <StepLooksContext value={looks}>{children}</StepLooksContext>;
}

export function useStepWords(): StepWords {
  const looks = use(StepLooksContext);
  return useMemo(() => stepWords(looks), [looks]);
}
