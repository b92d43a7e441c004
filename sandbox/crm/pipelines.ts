export interface Stage {
  readonly id: string;
  readonly name: string;
}

export interface Pipeline {
  readonly id: string;
  readonly name: string;
  readonly stages: readonly Stage[];
}

/** The ways a deal can take. A stage's id is its own in all of them, so that a deal names only its stage. */
export const PIPELINES: readonly Pipeline[] = [
  {
    id: 'sales',
    name: 'New business',
    stages: [
      { id: 'lead', name: 'Lead' },
      { id: 'qualified', name: 'Qualified' },
      { id: 'proposal', name: 'Proposal' },
      { id: 'won', name: 'Won' },
      { id: 'lost', name: 'Lost' },
    ],
  },
  {
    id: 'renewals',
    name: 'Renewals',
    stages: [
      { id: 'due', name: 'Due' },
      { id: 'in_talks', name: 'In talks' },
      { id: 'renewed', name: 'Renewed' },
      { id: 'ended', name: 'Ended' },
    ],
  },
];

export const STAGES: readonly Stage[] = PIPELINES.flatMap((pipeline) => pipeline.stages);

/** The pipeline that a stage belongs to. Throws for a stage that there is not. */
export function pipelineOf(stage: string): Pipeline {
  const found = PIPELINES.find((pipeline) => pipeline.stages.some(({ id }) => id === stage));
  if (!found) throw new Error(`No pipeline has the stage ${stage}.`);
  return found;
}
