import type { FlowDocument } from '../flow-document.ts';

type PinSets = NonNullable<FlowDocument['pinSets']>;

/** The flow with these sets of pins; without the key where there are none. */
export function withPinSets(flow: FlowDocument, sets: PinSets): FlowDocument {
  const { pinSets: _, ...rest } = flow;
  return Object.keys(sets).length === 0 ? rest : { ...rest, pinSets: sets };
}

/** The sets without the pins of nodes that are gone; the very same where none is concerned. */
export function withoutNodesInSets(
  sets: PinSets | undefined,
  gone: ReadonlySet<string>,
): PinSets | undefined {
  if (!sets || !Object.values(sets).some((own) => Object.keys(own).some((id) => gone.has(id)))) return sets;
  const left = Object.entries(sets).flatMap(([set, own]) => {
    const kept = Object.entries(own).filter(([id]) => !gone.has(id));
    return kept.length === 0 ? [] : [[set, Object.fromEntries(kept)] as const];
  });
  return Object.fromEntries(left);
}
