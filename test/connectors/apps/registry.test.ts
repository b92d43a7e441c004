import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { ActionDef, ConnectorDef } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import { SEARCH, settingsOf } from '#connectors/kit/http-call.ts';
import { isJsonObject, type Json } from '#core/json.ts';

/** Connectors of vendors. */
const APPS = CONNECTORS.filter(({ category }) => category === 'app');

const ACTIONS: readonly (readonly [string, ActionDef, ConnectorDef])[] = APPS.flatMap((app) =>
  app.operations.flatMap((operation) =>
    operation.kind === 'action' ? [[`${app.id}.${operation.id}`, operation, app] as const] : [],
  ),
);

const ADDRESS = /^(https:\/\/|\{(?:sandbox|[a-z]\w*)\})/;

/** Every title, help and choice of a form, those of items and variants too, with the way to it. */
function settings(schema: Json, path = ''): readonly (readonly [string, Record<string, unknown>])[] {
  if (!isJsonObject(schema)) return [];
  const own = Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {});
  const variants = ['oneOf', 'anyOf'].flatMap((key) =>
    Array.isArray(schema[key]) ? (schema[key] as readonly Json[]) : [],
  );
  return [
    ...own.flatMap(([name, field]) => [
      [`${path}/${name}`, field as Record<string, unknown>] as const,
      ...settings(field, `${path}/${name}`),
    ]),
    ...settings(schema['items'] ?? null, `${path}/*`),
    ...variants.flatMap((variant) => settings(variant, path)),
  ];
}

const formOf = (operation: ActionDef) =>
  z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as Json;

function choicesIn(schema: Json): readonly string[] {
  if (Array.isArray(schema)) return (schema as readonly Json[]).flatMap(choicesIn);
  if (!isJsonObject(schema)) return [];
  const own = typeof schema['choices'] === 'string' ? [schema['choices']] : [];
  return [...own, ...Object.values(schema).flatMap(choicesIn)];
}

/** Mail and databases are no vendors: no account, no web address, no mark. */
const VENDORS = APPS.filter(({ proof }) => proof !== 'real_server');

describe.each(VENDORS.map((app) => [app.id, app] as const))('the app %s', (id, app) => {
  it('says whose accounts it uses, how it was proven, and has a mark of its own', () => {
    expect(app.category).toBe('app');
    expect(app.proof).toBeDefined();
    expect(app.callAuth).toBeDefined();
    expect(app.connection).toBeDefined();
    expect(app.account).toMatchObject({
      id: expect.stringMatching(/^\//) as string,
      label: expect.stringMatching(/^\//) as string,
    });
    expect(app.mark?.length).toBeGreaterThan(0);
    const others = APPS.filter((other) => other.id !== id).map(({ mark }) => JSON.stringify(mark));
    expect(others).not.toContain(JSON.stringify(app.mark));
    for (const { d, fill } of app.mark ?? []) {
      expect(d).toMatch(/^[Mm][\d\s.,MLHVCSQTAZmlhvcsqtaz-]+$/);
      if (fill !== undefined) expect(fill).toMatch(/^#[0-9a-f]{6}$/i);
    }
  });

  it('calls https alone, or the sandbox, or where its connection says', () => {
    const { oauth, account, baseUrl } = app;
    const addresses = [
      baseUrl,
      account?.url,
      oauth?.authorizeUrl,
      oauth?.tokenUrl,
      oauth?.revokeUrl,
      oauth?.setup?.url,
    ];
    for (const address of addresses) if (address !== undefined) expect(address).toMatch(ADDRESS);
    expect(baseUrl).not.toMatch(/\/$/);
  });

  it('says how somebody gets an OAuth app, and what each scope allows', () => {
    const { oauth } = app;
    if (!oauth) return expect(Object.keys(app.connection!.shape).length).toBeGreaterThan(0);
    expect(oauth.setup?.steps.length).toBeGreaterThan(0);
    if (!oauth.authorizeUrl?.startsWith('{sandbox}'))
      expect(oauth.setup?.steps.join(' ')).toMatch(/callback/i);
    const scopes = oauth.scopes.map((scope) => scope.id);
    expect(new Set(scopes).size).toBe(scopes.length);
    for (const { says } of oauth.scopes) expect(says).toMatch(/^[A-Z].{4,}[^.]$/);
    return undefined;
  });

  it('has lists whose calls read, and that depend on settings alone that steps have', () => {
    for (const [name, { call, value, label }] of Object.entries(app.optionLoaders ?? {})) {
      expect(call.method === 'GET' || call.path.includes('search'), name).toBe(true);
      expect(value).toMatch(/^\//);
      expect(label).toMatch(/^\//);
      const users = app.operations.filter(
        (operation) => operation.kind === 'action' && choicesIn(formOf(operation)).includes(name),
      );
      expect(users.length, `${name} is used`).toBeGreaterThan(0);
      for (const user of users)
        for (const needed of settingsOf(call))
          if (needed !== 'limit')
            expect(Object.keys(user.input.shape), `${name} in ${user.id}`).toContain(needed);
    }
  });
});

describe.each(ACTIONS)('%s', (_, operation, app) => {
  it('has a title for each setting, and help or an example for what is not plain', () => {
    for (const [path, field] of settings(formOf(operation))) {
      expect(field['title'], path).toBeTruthy();
      const says = ['help', 'placeholder', 'enum', 'const'].some((key) => field[key] !== undefined);
      expect(says || field['type'] === 'boolean', `${path} has help`).toBe(true);
    }
    expect(operation.summary).toMatch(/^[A-Z].*\.$/);
    expect(operation.label).not.toMatch(/\.$/);
  });

  it('needs a connection of its app', () => {
    expect(operation.needsConnection?.({})).toBe(true);
    expect(operation.connectors).toContain(app.id);
  });

  it('chooses from lists that there are', () => {
    expect(
      choicesIn(formOf(operation)).filter((name) => !Object.hasOwn(app.optionLoaders ?? {}, name)),
    ).toEqual([]);
  });

  it('says what a crash in the middle means, where it changes something', () => {
    if (operation.effect === 'once') expect(operation.note).toMatch(/in doubt/);
    const { call } = operation;
    if (!call) return;
    // What makes something new is repeated only where the vendor knows the key.
    if (call.method === 'POST' && operation.effect === 'keyed' && !app.http?.honoursKeys)
      expect(operation.note, 'a POST that is repeated').toMatch(/same/);
    if (call.method === 'GET') expect(operation.effect).toBe('read');
  });

  it('sends every setting somewhere, and no setting that there is not', () => {
    const { call } = operation;
    if (!call) return;
    expect([...settingsOf(call)].sort()).toEqual(Object.keys(operation.input.shape).sort());
    expect(settingsOf({ ...call, query: {}, body: null }).has(SEARCH)).toBe(false);
  });

  it('lets a list be limited, one page by default', () => {
    const paging = operation.call?.paging;
    if (!paging) return;
    const limit = operation.input.shape['limit'] as z.ZodType;
    expect(limit.parse(undefined)).toBe(paging.size.most);
    expect(limit.safeParse(10_001).success).toBe(false);
    expect(operation.effect).toBe('read');
  });
});
