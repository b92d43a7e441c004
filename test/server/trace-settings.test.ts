import { describe, expect, test } from 'vitest';

import { parseEnv } from '#server/env.ts';
import { traceSettings } from '#server/trace/trace-settings.ts';

const settingsOf = (env: Record<string, string>) => traceSettings(parseEnv(env));
const ON = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

describe('the variables of OpenTelemetry', () => {
  test('switch traces on by an endpoint alone', () => {
    expect(settingsOf({})).toBeNull();
    expect(settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeNull();
    expect(settingsOf(ON)).toEqual({
      endpoint: 'http://collector:4318/v1/traces',
      headers: {},
      timeoutMs: 10_000,
      serviceName: 'patchbay-worker',
      share: 1,
      heedsCaller: true,
    });
    expect(settingsOf({ ...ON, OTEL_SDK_DISABLED: 'true' })).toBeNull();
    expect(settingsOf({ ...ON, OTEL_TRACES_EXPORTER: 'none' })).toBeNull();
  });

  test('name endpoint, headers, service and share as ever', () => {
    expect(
      settingsOf({
        ...ON,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/in',
        OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20abc%3D, x-tenant=one',
        OTEL_SERVICE_NAME: 'orders',
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.1',
      }),
    ).toMatchObject({
      endpoint: 'https://traces.example.com/in',
      headers: { authorization: 'Basic abc=', 'x-tenant': 'one' },
      serviceName: 'orders',
      share: 0.1,
      heedsCaller: false,
    });
    expect(settingsOf({ ...ON, OTEL_TRACES_SAMPLER: 'always_off' })).toMatchObject({ share: 0 });
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ ...ON, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'http/json'],
    [{ ...ON, OTEL_EXPORTER_OTLP_HEADERS: 'nothing' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [{ ...ON, OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [{ ...ON, OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
  ])('are refused when they are wrong: %j', (env, words) => {
    expect(() => settingsOf(env)).toThrow(words);
  });
});
