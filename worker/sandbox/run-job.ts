import baseVariant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';

import { CODE_FILE, GUEST_FILE, GUEST_SOURCE } from './guest.ts';
import { SANDBOX_LIMITS } from './limits.ts';
import type { JobMessage, JobOutcome, ThrownError } from './protocol.ts';

const PAGE_BYTES = 65_536;
/** What the engine's module asks for at the least. */
const FIRST_PAGES = 256;
/** Promise jobs between two looks at the clock. */
const JOBS_A_TURN = 100;

/** What a job needs of the process that it runs in. */
export interface JobHost {
  readonly wasm: WebAssembly.Module;
  /** A line that the code logged. */
  readonly log: (line: string) => void;
}

/**
 * Runs a person's code in a QuickJS of its own: fresh WebAssembly memory, so that nothing of one job is there in the next.
 * Ends by itself at the deadline wherever the engine looks at the clock; where it does not, the worker kills the process.
 * Never rejects for anything that the code does.
 */
export async function runJob(job: JobMessage, host: JobHost): Promise<JobOutcome> {
  const runtime = await newRuntime(job.memoryMb, host.wasm);
  const deadline = performance.now() + job.timeoutMs;
  const isLate = () => performance.now() > deadline;
  runtime.setInterruptHandler(isLate);
  try {
    const outcome = new JobRun(runtime, { job, host, isLate }).finish();
    return isLate() ? { kind: 'timeout' } : outcome;
  } catch (thrown) {
    if (isLate()) return { kind: 'timeout' };
    // V8's stack under the engine, or the engine gave up: the realm is thrown away with its memory.
    const message = thrown instanceof RangeError ? 'It calls itself too deeply' : String(thrown);
    return { kind: 'threw', thrown: { name: 'InternalError', message, stack: '' } };
  }
  // Nothing is disposed of: an engine that ran out of memory may abort on it. The memory goes as a whole.
}

async function newRuntime(memoryMb: number, wasmModule: WebAssembly.Module): Promise<QuickJSRuntime> {
  const limitBytes = memoryMb * 1_048_576;
  const wasmMemory = new WebAssembly.Memory({
    initial: FIRST_PAGES,
    maximum: FIRST_PAGES + Math.ceil(limitBytes / PAGE_BYTES),
  });
  const engine = await newQuickJSWASMModuleFromVariant(newVariant(baseVariant, { wasmModule, wasmMemory }));
  return engine.newRuntime({ memoryLimitBytes: limitBytes, maxStackSizeBytes: SANDBOX_LIMITS.stackBytes });
}

/** The steps of one job; each gives up with an outcome that is thrown. */
class JobRun {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #job: JobMessage;
  readonly #isLate: () => boolean;
  readonly #guest: QuickJSHandle;

  constructor(
    runtime: QuickJSRuntime,
    { job, host, isLate }: { job: JobMessage; host: JobHost; isLate: () => boolean },
  ) {
    this.#runtime = runtime;
    this.#context = runtime.newContext();
    this.#job = job;
    this.#isLate = isLate;
    this.#guest = this.#prepare(host.log);
  }

  finish(): JobOutcome {
    try {
      const context = this.#context;
      const module = this.#settled(
        this.#checked(context.evalCode(this.#job.code, CODE_FILE, { type: 'module' })),
      );
      const handle = context.getProp(module, 'default');
      const run = context.getProp(this.#guest, 'run');
      const input = context.newString(this.#job.input);
      const promise = this.#checked(context.callFunction(run, context.undefined, handle, input));
      return this.#done(this.#settled(promise));
    } catch (given) {
      if (given instanceof Ended) return given.outcome;
      throw given;
    }
  }

  #done(handle: QuickJSHandle): JobOutcome {
    const length = this.#context.getNumber(this.#context.getProp(handle, 'length'));
    if (length > SANDBOX_LIMITS.outputBytes) return tooLarge(length);
    const output = this.#context.getString(handle);
    const bytes = Buffer.byteLength(output);
    return bytes > SANDBOX_LIMITS.outputBytes ? tooLarge(bytes) : { kind: 'done', output };
  }

  /** The one function of the host that the realm knows takes a text and gives nothing back. */
  #prepare(log: (line: string) => void): QuickJSHandle {
    const context = this.#context;
    const emit = context.newFunction('emit', (line) => log(context.getString(line)));
    const make = this.#checked(context.evalCode(GUEST_SOURCE, GUEST_FILE, { type: 'global' }));
    const limits = [SANDBOX_LIMITS.outputDepth, SANDBOX_LIMITS.logLineLength].map((n) =>
      context.newNumber(n),
    );
    return this.#checked(context.callFunction(make, context.undefined, emit, ...limits));
  }

  #checked(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (result.error) throw this.#failed(result.error);
    return result.value;
  }

  /** The value of a promise once it is settled; a value that is none as it is. */
  #settled(handle: QuickJSHandle): QuickJSHandle {
    for (;;) {
      const state = this.#context.getPromiseState(handle);
      if (state.type === 'fulfilled') return state.value;
      if (state.type === 'rejected') throw this.#failed(state.error);
      if (this.#isLate()) throw new Ended({ kind: 'timeout' });
      if (!this.#runtime.hasPendingJob()) throw new Ended(NEVER_SETTLES);
      const { error } = this.#runtime.executePendingJobs(JOBS_A_TURN);
      if (error) throw this.#failed(error);
    }
  }

  #failed(error: QuickJSHandle): Ended {
    if (this.#isLate()) return new Ended({ kind: 'timeout' });
    const { refusal, ...thrown } = this.#describe(error);
    if (refusal !== null) return new Ended({ kind: 'refused', code: 'code_result', message: `${refusal}.` });
    const isOutOfMemory = thrown.name === 'InternalError' && thrown.message === 'out of memory';
    return new Ended(isOutOfMemory ? { kind: 'memory' } : { kind: 'threw', thrown });
  }

  /** Asks the realm, where a hostile error can do no more than waste its own time. */
  #describe(error: QuickJSHandle): ThrownError & { readonly refusal: string | null } {
    const context = this.#context;
    const result = context.callFunction(context.getProp(this.#guest, 'describe'), context.undefined, error);
    // An engine without memory left cannot even say so.
    if (result.error) return { name: 'InternalError', message: 'out of memory', stack: '', refusal: null };
    const read = (key: string) => context.getString(context.getProp(result.value, key));
    return {
      name: read('name'),
      message: read('message'),
      stack: read('stack'),
      refusal: read('refusal') || null,
    };
  }
}

function tooLarge(bytes: number): JobOutcome {
  const [had, may] = [bytes, SANDBOX_LIMITS.outputBytes].map((size) => (size / 1_048_576).toFixed(1));
  const message = `The result is ${had} MiB; code can give back ${may} MiB. Return less, or work in parts.`;
  return { kind: 'refused', code: 'code_output_too_large', message };
}

const NEVER_SETTLES: JobOutcome = {
  kind: 'refused',
  code: 'code_result',
  message:
    'The code waits for a promise that nothing settles. There are no timers and no network here, so await only what the code itself resolves.',
};

/** Carries an outcome out of the depths of a job. */
class Ended extends Error {
  readonly outcome: JobOutcome;

  constructor(outcome: JobOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}
