import { EnvironmentError, type Env } from '#server/env.ts';

/** Where traces go, and which. */
export interface TraceSettings {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly serviceName: string;
  /** Of traces that begin here, from 0 to 1. */
  readonly share: number;
  /** True: a caller's own decision counts before the share. */
  readonly heedsCaller: boolean;
}

type TraceEnv = Pick<Env, Extract<keyof Env, `OTEL_${string}`>>;

/**
 * Reads OpenTelemetry's usual variables; null when no endpoint is set, or tracing is switched off.
 * Throws `EnvironmentError` for what Patchbay cannot do.
 */
export function traceSettings(env: TraceEnv): TraceSettings | null {
  const endpoint = endpointOf(env);
  if (endpoint === null || env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none')
    return null;
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint))
    throw new EnvironmentError(
      'OTEL_EXPORTER_OTLP_ENDPOINT is not the URL of a collector, such as http://127.0.0.1:4318.',
    );
  if (env.OTEL_EXPORTER_OTLP_PROTOCOL === 'grpc')
    throw new EnvironmentError(
      'OTEL_EXPORTER_OTLP_PROTOCOL is grpc, which Patchbay does not speak: set http/json, and the port for HTTP (4318 as a rule).',
    );
  return {
    endpoint,
    headers: headersOf(env.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    timeoutMs: env.OTEL_EXPORTER_OTLP_TIMEOUT,
    serviceName: env.OTEL_SERVICE_NAME,
    ...samplerOf(env),
  };
}

/** The variable for traces is taken as it is; to the general one the path is added. */
function endpointOf(env: TraceEnv): string | null {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  return `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`;
}

/** `name=value,name=value`, percent-encoded as baggage is. */
function headersOf(list: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const entry of list.split(',').filter((part) => part.trim() !== '')) {
    const at = entry.indexOf('=');
    if (at < 1) throw wrongHeaders();
    try {
      headers[entry.slice(0, at).trim().toLowerCase()] = decodeURIComponent(entry.slice(at + 1).trim());
    } catch {
      throw wrongHeaders();
    }
  }
  return headers;
}

function wrongHeaders(): EnvironmentError {
  return new EnvironmentError(
    'OTEL_EXPORTER_OTLP_HEADERS is not a list such as name=value,name=value, percent-encoded.',
  );
}

function samplerOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument }: TraceEnv) {
  const heedsCaller = sampler.startsWith('parentbased_');
  switch (sampler.replace('parentbased_', '')) {
    case 'always_off':
      return { share: 0, heedsCaller };
    case 'traceidratio':
      return { share: argument, heedsCaller };
    default:
      return { share: 1, heedsCaller };
  }
}
