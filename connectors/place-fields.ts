import { z } from 'zod';

const pem = z
  .string()
  .trim()
  .regex(
    /^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/,
    'paste one or more certificates in PEM',
  );

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'write a number')
  .refine((text) => Number(text) >= 1 && Number(text) <= 65_535, 'write a number from 1 to 65535')
  .meta({ title: 'Port' });

/** The fields of a connection to a server that speaks no HTTP: where it is. */
export const placeFields = (example: string) => ({
  host: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, `write the name of a host, such as ${example}`)
    .meta({ title: 'Host', placeholder: example }),
  port,
});

/** The authority of a server, where it is not a public one. */
export const authorityField = pem.optional().meta({
  title: 'Authority of the server',
  help: 'PEM. Where the server’s certificate is signed by an authority of its own: it is trusted instead of the public ones.',
  widget: 'textarea',
  advanced: true,
});

/** The fields of a connection to a database. */
export function databaseFields(defaultPort: string) {
  const { host, port } = placeFields('db.example.com');
  return {
    host,
    port: port.default(defaultPort),
    database: z.string().min(1).max(64).meta({ title: 'Database' }),
    user: z.string().min(1).max(80).meta({ title: 'User' }),
    password: z.string().min(1).meta({ title: 'Password', secret: true }),
    ssl: z.enum(['verify-full', 'require', 'disable']).default('verify-full').meta({
      title: 'Encryption',
      help: 'verify-full checks the server’s certificate; require encrypts without knowing to whom; disable sends everything in the clear.',
    }),
    ca: authorityField,
  };
}
