import type pg from 'pg';

import { catalog } from '#connectors/definitions.ts';
import { flowDocumentSchema } from '#core/flow-document.ts';
import { compilePlan, type PlanGraph } from '#core/plan-graph.ts';
import { StepFailure } from '#core/step-failure.ts';
import { loadVersions } from '#server/sql/load-runs.ts';

const MAX_VERSIONS = 500;

/** Flow versions ready for planning. They are immutable, so what is cached is never stale. */
export class FlowCache {
  readonly #pool: pg.Pool;
  /** In order of last use. */
  readonly #graphs = new Map<string, PlanGraph | StepFailure>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Compiled versions by id; a failure for one that cannot run. Asks the database once for all that are new. */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, PlanGraph | StepFailure>> {
    const wanted = [...new Set(ids)];
    const documents = await loadVersions(
      this.#pool,
      wanted.filter((id) => !this.#graphs.has(id)),
    );
    const found = new Map<string, PlanGraph | StepFailure>();
    for (const id of wanted) {
      const graph = this.#graphs.get(id) ?? compile(documents.get(id));
      this.#graphs.delete(id);
      this.#graphs.set(id, graph);
      found.set(id, graph);
    }
    this.#dropOldest();
    return found;
  }

  #dropOldest(): void {
    for (const id of this.#graphs.keys()) {
      if (this.#graphs.size <= MAX_VERSIONS) return;
      this.#graphs.delete(id);
    }
  }
}

function compile(document: unknown): PlanGraph | StepFailure {
  const parsed = flowDocumentSchema.safeParse(document);
  if (!parsed.success) return invalid('The version of the flow that this run is pinned to cannot be read.');
  try {
    return compilePlan(parsed.data, catalog);
  } catch (error) {
    if (error instanceof StepFailure) return error;
    throw error;
  }
}

function invalid(message: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code: 'flow_invalid', message });
}
