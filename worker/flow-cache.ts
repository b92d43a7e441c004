import type pg from 'pg';

import { catalog } from '#connectors/definitions.ts';
import { flowDocumentSchema, type FlowSettings } from '#core/flow-document.ts';
import { compilePlan, type PlanGraph } from '#core/plan-graph.ts';
import { StepFailure } from '#core/step-failure.ts';
import { loadVersions, type LoadedVersion } from '#server/sql/load-runs.ts';

const MAX_VERSIONS = 500;

/** A version in the cache. */
interface Cached {
  readonly graph: PlanGraph | StepFailure;
  readonly rate: FlowSettings['rate'];
  readonly userId: string | null;
}

/** Flow versions ready for planning. They are immutable, so what is cached is never stale. */
export class FlowCache {
  readonly #pool: pg.Pool;
  /** In order of last use. */
  readonly #versions = new Map<string, Cached>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Compiled versions by id; a failure for one that cannot run. Asks the database once for all that are new. */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, PlanGraph | StepFailure>> {
    const wanted = [...new Set(ids)];
    const documents = await loadVersions(
      this.#pool,
      wanted.filter((id) => !this.#versions.has(id)),
    );
    const found = new Map<string, PlanGraph | StepFailure>();
    for (const id of wanted) {
      const version = this.#versions.get(id) ?? compile(documents.get(id));
      this.#versions.delete(id);
      this.#versions.set(id, version);
      found.set(id, version.graph);
    }
    this.#dropOldest();
    return found;
  }

  /** How many runs of a version that was found just now may begin in a time; undefined for as many as there are. */
  rateOf(id: string): FlowSettings['rate'] {
    return this.#versions.get(id)?.rate;
  }

  /** Whose version one is that was found just now: theirs are the connections that it may use. Null for nobody's. */
  userOf(id: string): string | null {
    return this.#versions.get(id)?.userId ?? null;
  }

  #dropOldest(): void {
    for (const id of this.#versions.keys()) {
      if (this.#versions.size <= MAX_VERSIONS) return;
      this.#versions.delete(id);
    }
  }
}

function compile({ document, userId }: LoadedVersion = { document: null, userId: null }): Cached {
  const parsed = flowDocumentSchema.safeParse(document);
  if (!parsed.success)
    return {
      graph: invalid('The version of the flow that this run is pinned to cannot be read.'),
      rate: undefined,
      userId,
    };
  const { rate } = parsed.data.settings;
  try {
    return { graph: compilePlan(parsed.data, catalog), rate, userId };
  } catch (error) {
    if (error instanceof StepFailure) return { graph: error, rate, userId };
    throw error;
  }
}

function invalid(message: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code: 'flow_invalid', message });
}
