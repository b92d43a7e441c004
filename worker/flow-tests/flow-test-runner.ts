import type pg from 'pg';

import { flowTestSchema } from '#core/api/flow-tests.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { fromStoredJson, toStoredJson } from '#server/journal/stored-json.ts';
import type { Json } from '#core/json.ts';
import { finishFlowTests, hasDueFlowTests, takeDueFlowTests } from '#server/sql/flow-test-runs.ts';
import type { DueBoard } from '#worker/due-board.ts';
import { Beat } from '#worker/triggers/beat.ts';
import { runFlowTests } from './run-flow-tests.ts';
import type { RehearsalPlace } from './rehearse.ts';

/** Tests that somebody wants run are noticed about so long after the look that tells of them. */
const LOOK_MS = 300;
/** After tests that were run: more may wait. */
const NEXT_MS = 10;

export interface FlowTestRunnerOptions {
  readonly pool: pg.Pool;
  readonly due: Pick<DueBoard, 'isDue'>;
  readonly runCode: RehearsalPlace['runCode'];
}

/**
 * Carries out tests of flows. Every worker has one. The row is held meanwhile, so that the death of a worker frees it for
 * another: tests leave nothing behind that a second time could repeat.
 */
export class FlowTestRunner {
  readonly #options: FlowTestRunnerOptions;
  readonly #beat: Beat;
  #nextMs = LOOK_MS;

  constructor(options: FlowTestRunnerOptions) {
    this.#options = options;
    this.#beat = new Beat({
      what: 'carrying out tests of flows',
      part: 'flow_tests',
      nextIn: () => this.#nextMs,
      work: () => this.#work(),
    });
  }

  start(): void {
    this.#beat.start();
  }

  /** Resolves when the tests in hand are written down. */
  stop(): Promise<void> {
    return this.#beat.stop();
  }

  async #work(): Promise<void> {
    this.#nextMs = LOOK_MS;
    const { pool, due } = this.#options;
    if (!(await due.isDue('flowTests')) || !(await hasDueFlowTests(pool))) return;
    if (await inClientTransaction((client) => this.#runNext(client))) this.#nextMs = NEXT_MS;
  }

  /** False where other workers hold all that wait. */
  async #runNext(client: pg.ClientBase): Promise<boolean> {
    const due = await takeDueFlowTests(client);
    if (!due) return false;
    const { runCode } = this.#options;
    const { id, workspaceId, version } = due;
    const tests = flowTestSchema.array().parse(fromStoredJson(due.tests as Json));
    const document = storedDocument(due.document);
    const outcome = await runFlowTests(tests, { workspaceId, document, version, runCode });
    await finishFlowTests(client, { id, result: toStoredJson(outcome) });
    return true;
  }
}
