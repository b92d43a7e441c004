import { catalog } from '#connectors/definitions.ts';
import { compilePlan, type PlanGraph } from '#core/plan-graph.ts';
import { StepFailure } from '#core/step-failure.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { ProblemError } from '#server/problem.ts';

/** The stored document of a version, made ready for planning. Throws 409 for one that nothing here can run. */
export function graphOf(document: unknown): PlanGraph {
  try {
    return compilePlan(storedDocument(document), catalog);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    throw new ProblemError({
      status: 409,
      code: 'version_cannot_run',
      title: 'The version cannot run',
      detail: `${error.error.message} Replay the run with another version.`,
    });
  }
}
