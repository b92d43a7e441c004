import { afterAll, beforeAll } from 'vitest';

import { findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { startSink, type Sink, type SinkRequest } from '#test/support/sink.ts';
import { appClient, connectionOf } from '../app-client.ts';
import { stepContext } from '../step-context.ts';

export interface App {
  readonly sink: Sink;
  /** Runs an operation by its real handler against the sink; its output, and what arrived. */
  run(
    type: string,
    settings: JsonObject,
  ): Promise<{ readonly output: Json; readonly requests: readonly SinkRequest[] }>;
  failureOf(type: string, settings: JsonObject): Promise<StepError>;
}

/** Apps whose far end is a server of this test file. Call it at the top level. */
export function useApp(): App {
  const app = {} as { -readonly [Name in keyof App]: App[Name] };
  beforeAll(async () => {
    app.sink = await startSink();
  });
  afterAll(() => app.sink.stop());
  app.run = async (type, settings) => {
    const { connector, operation } = findOperation(type, 1)!;
    const connection = connectionOf(connector.id);
    const before = app.sink.requests.length;
    const http = appClient(app.sink, connection);
    const input = operation.input.parse(settings) as JsonObject;
    const result = await findHandler(type, 1)!(input, { ...stepContext({ connection }), http });
    if ('suspend' in result) throw new Error(`${type} waits`);
    const output = JSON.parse(JSON.stringify(result.output)) as Json;
    operation.output.parse(output);
    return { output, requests: app.sink.requests.slice(before) };
  };
  app.failureOf = async (type, settings) => {
    const thrown: unknown = await app.run(type, settings).catch((error: unknown) => error);
    if (thrown instanceof StepFailure) return thrown.error;
    throw new Error(`expected a StepFailure, got ${JSON.stringify(thrown)}`, { cause: thrown });
  };
  return app;
}
