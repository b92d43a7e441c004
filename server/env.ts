import { z } from 'zod';

/** A number that arrives as text. */
const count = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value));

const optionalPort = optionalText.pipe(z.coerce.number<string>().int().min(1).max(65_535).optional());

const optionalUrl = optionalText.refine((value) => value === undefined || URL.canParse(value), 'not a URL');

/** Every variable that Patchbay reads. `.env.example` lists exactly these. */
export const envSchema = z.object({
  PORT: count(3000, 1, 65_535),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: optionalText,
  PATCHBAY_DATA_DIR: z.string().default('.patchbay'),
  PATCHBAY_PG_BIN: optionalText,
  PATCHBAY_SECRET_KEY: optionalText,
  PATCHBAY_SECRET_KEY_PREVIOUS: optionalText,
  PATCHBAY_URL: optionalText,
  PATCHBAY_OWNER_EMAIL: optionalText,
  PATCHBAY_OWNER_PASSWORD: optionalText,
  PATCHBAY_OWNER_API_KEY: optionalText,
  PATCHBAY_EGRESS_ALLOW: z.string().default(''),
  PATCHBAY_TRUSTED_PROXIES: z.string().default(''),
  PATCHBAY_SMTP_URL: optionalText,
  PATCHBAY_MAIL_FROM: optionalText,
  PATCHBAY_WORKERS: count(1, 1, 64),
  PATCHBAY_CONCURRENCY: count(64, 1, 1_000),
  /** Where the first worker answers probes, the others on the ports after it. Not set: nowhere. */
  PATCHBAY_WORKER_PORT: optionalPort,
  PATCHBAY_WORKER_HOST: z.string().default('127.0.0.1'),
  /** The sandbox app Acme. Not set: on, when only this machine reaches Patchbay. */
  PATCHBAY_SANDBOX: optionalText.pipe(z.enum(['on', 'off']).optional()),
  /** Not set: `PORT` + 1, or a free one. */
  PATCHBAY_SANDBOX_PORT: optionalPort,
  /** These two tell web and workers where Acme is, and the secret of Patchbay's client there; `npm start` sets them. */
  PATCHBAY_SANDBOX_URL: optionalUrl,
  PATCHBAY_SANDBOX_SECRET: optionalText,
  /** OpenTelemetry's own; see server/trace/trace-settings.ts. */
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalText,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optionalText,
  OTEL_EXPORTER_OTLP_HEADERS: optionalText,
  OTEL_EXPORTER_OTLP_PROTOCOL: optionalText,
  OTEL_EXPORTER_OTLP_TIMEOUT: count(10_000, 1, 600_000),
  OTEL_SERVICE_NAME: z.string().default('patchbay-worker'),
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_TRACES_EXPORTER: optionalText.pipe(z.enum(['otlp', 'none']).optional()),
  OTEL_SDK_DISABLED: optionalText.pipe(z.enum(['true', 'false']).optional()),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Env = z.output<typeof envSchema> & {
  /** Public base URL without a trailing slash. */
  readonly publicUrl: string;
};

/** Raised for a wrong environment; its message is one plain sentence. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/** Parses an environment. Throws `EnvironmentError` that names the first wrong variable. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const parsed = envSchema.safeParse(source);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new EnvironmentError(
      `The environment variable ${issue?.path.join('.')} is wrong: ${issue?.message}.`,
    );
  }
  const values = parsed.data;
  const publicUrl = (values.PATCHBAY_URL ?? `http://${values.HOST}:${values.PORT}`).replace(/\/+$/, '');
  if (!URL.canParse(publicUrl))
    throw new EnvironmentError('PATCHBAY_URL is not a URL, such as https://flows.example.com.');
  checkMail(values);
  return { ...values, publicUrl };
}

function checkMail({ PATCHBAY_SMTP_URL: url, PATCHBAY_MAIL_FROM: from }: z.output<typeof envSchema>): void {
  if (url === undefined) return;
  if (!URL.canParse(url) || !/^smtps?:/.test(url))
    throw new EnvironmentError(
      'PATCHBAY_SMTP_URL is not the URL of a mail server, such as smtps://user:password@mail.example.com.',
    );
  if (from === undefined)
    throw new EnvironmentError(
      'PATCHBAY_MAIL_FROM is not set. With PATCHBAY_SMTP_URL, name the sender, such as Patchbay <flows@example.com>.',
    );
}

let cached: Env | undefined;

/** The process's environment, parsed once. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}
