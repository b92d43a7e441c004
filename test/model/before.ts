import type { FlowDocument } from '#core/flow-document.ts';

import { type FlowShape, type ScopeShape, shapeOf } from './flow-shape.ts';
import { type PredictedStep, type Prediction, stepName } from './prediction.ts';

/** What must have settled before a step began. */
export interface Before {
  /** The steps whose edges lead to it: all of them, or for `any` one at least. */
  readonly sources: readonly string[];
  readonly join: 'all' | 'any';
  /** Every step that had settled, whatever the order in which things happened. */
  readonly steps: ReadonlySet<string>;
}

/** By the name of each step that ran: what had to be over before it began, as the graph and the outcome say. */
export function beforeEach(document: FlowDocument, prediction: Prediction): ReadonlyMap<string, Before> {
  const reader = new Reader(shapeOf(document), prediction);
  return new Map(
    [...prediction.steps.values()].map((step) => [stepName(step.nodeId, step.key), reader.before(step)]),
  );
}

class Reader {
  readonly #shape: FlowShape;
  readonly #prediction: Prediction;
  readonly #known = new Map<string, Before>();

  constructor(shape: FlowShape, prediction: Prediction) {
    this.#shape = shape;
    this.#prediction = prediction;
  }

  before(step: PredictedStep): Before {
    const name = stepName(step.nodeId, step.key);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const found = this.#find(step);
    this.#known.set(name, found);
    return found;
  }

  #find(step: PredictedStep): Before {
    const node = this.#shape.nodes.get(step.nodeId);
    const parent = node?.parent;
    const edges = this.#scopeOf(parent).incoming.get(step.nodeId) ?? [];
    if (edges.length === 0) return this.#beforeLoop(step, parent);
    const join = node?.join === 'any' && step.status !== 'skipped' ? 'any' : 'all';
    const sources = edges
      .map((edge) => ({ source: this.#step(edge.from, step.key), port: edge.port ?? 'out' }))
      .filter(({ source, port }) => join === 'all' || source.ports.includes(port))
      .map(({ source }) => source);
    const each = sources.map((source) => this.#after(source));
    const all = each.flatMap((set) => [...set]);
    const steps = new Set(join === 'any' ? all.filter((one) => each.every((set) => set.has(one))) : all);
    return { sources: [...new Set(sources.map((one) => stepName(one.nodeId, one.key)))], join, steps };
  }

  /** The first nodes of a body begin no sooner than the loop. */
  #beforeLoop(step: PredictedStep, parent: string | undefined): Before {
    if (parent === undefined) return { sources: [], join: 'all', steps: new Set() };
    const { steps } = this.before(this.#step(parent, outerKey(step.key)));
    return { sources: [], join: 'all', steps };
  }

  #after(step: PredictedStep): ReadonlySet<string> {
    const inside = [...this.#prediction.steps.values()].filter((other) => this.#isInside(other, step));
    const names = [...inside, step].map((one) => stepName(one.nodeId, one.key));
    return new Set([...this.before(step).steps, ...names]);
  }

  #isInside(step: PredictedStep, loop: PredictedStep): boolean {
    let { key } = step;
    for (
      let at = this.#shape.nodes.get(step.nodeId)?.parent;
      at !== undefined;
      at = this.#shape.nodes.get(at)?.parent
    ) {
      key = outerKey(key);
      if (at === loop.nodeId) return key === loop.key;
    }
    return false;
  }

  #scopeOf(parent: string | undefined): ScopeShape {
    const scope = parent === undefined ? this.#shape.root : this.#shape.bodies.get(parent);
    if (scope === undefined) throw new Error(`There is no loop ${parent}.`);
    return scope;
  }

  #step(nodeId: string, key: string): PredictedStep {
    const step = this.#prediction.steps.get(stepName(nodeId, key));
    if (step === undefined) throw new Error(`No step ${nodeId} ${key} was predicted.`);
    return step;
  }
}

/** The loop path one loop further out. */
export function outerKey(key: string): string {
  return key.split('.').slice(0, -1).join('.');
}
