import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';

import type { ConnectorDef, OpenConnection, StepContext } from '#connectors/contract.ts';
import type { HttpCall, HttpFacts } from '#connectors/kit/http-call.ts';
import { makeCall } from '#connectors/kit/make-call.ts';
import type { Encodings } from '#connectors/kit/fill-template.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { stepContext } from '../step-context.ts';

export const TOKEN: OpenConnection = { connector: 'bearer_token', fields: { token: 's3cret-token' } };

export interface KitFixture {
  readonly sink: Sink;
  readonly connector: ConnectorDef;
  /** Makes a call of the made-up vendor, whose API is the sink. */
  make(call: HttpCall, settings?: JsonObject, more?: CallOptions): Promise<Json>;
  failureOf(call: HttpCall, settings?: JsonObject, more?: CallOptions): Promise<StepError>;
}

export interface CallOptions {
  readonly http?: HttpFacts;
  readonly encodings?: Encodings;
  readonly context?: Partial<StepContext>;
}

/** A vendor “Vend” whose far end is a real server of this test file. Call it at the top level. */
export function useKit(): KitFixture {
  const fixture = {} as { -readonly [Name in keyof KitFixture]: KitFixture[Name] };
  beforeAll(async () => {
    fixture.sink = await startSink();
    fixture.connector = {
      id: 'vend',
      label: 'Vend',
      summary: 'Made up.',
      icon: 'plug',
      category: 'app',
      connection: z.strictObject({}),
      baseUrl: `${fixture.sink.url}/v1`,
      operations: [],
    };
  });
  afterAll(() => fixture.sink.stop());
  fixture.make = (call, settings = {}, { http, encodings, context } = {}) =>
    makeCall(
      { connector: { ...fixture.connector, ...(http && { http }) }, call, ...(encodings && { encodings }) },
      settings,
      stepContext({ connection: TOKEN, ...context }),
    );
  fixture.failureOf = async (...args) => {
    const thrown: unknown = await fixture.make(...args).catch((error: unknown) => error);
    if (thrown instanceof StepFailure) return thrown.error;
    throw new Error(`expected a StepFailure, got ${JSON.stringify(thrown)}`);
  };
  return fixture;
}
