import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import dynamicIconImports from 'lucide-react/dynamicIconImports';

import type { ConnectorDef, OperationDef } from '#connectors/contract.ts';
import { CONNECTORS, catalog, findOperation } from '#connectors/definitions.ts';
import { fieldMeta } from '#connectors/field-meta.ts';
import { HANDLERS, findHandler } from '#connectors/handlers.ts';
import { TRIGGER_HANDLERS } from '#connectors/trigger-handlers.ts';
import type { JsonObject } from '#core/json.ts';

interface Entry {
  readonly type: string;
  readonly connector: ConnectorDef;
  readonly operation: OperationDef;
}

const OPERATIONS: readonly Entry[] = CONNECTORS.flatMap((connector) =>
  connector.operations.map((operation) => ({
    type: `${connector.id}.${operation.id}`,
    connector,
    operation,
  })),
);

/** A JSON Schema as the form sees it. */
interface FormSchema {
  readonly title?: string;
  readonly help?: string;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, FormSchema>>;
  readonly oneOf?: readonly FormSchema[];
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

function formSchema(schema: z.ZodType): FormSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as FormSchema;
}

/** Every setting of a form, those of nested objects and variants too, with the way to it. */
function fields(schema: FormSchema, path = ''): readonly [string, FormSchema][] {
  const own = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => [`${path}/${name}`, field] as const,
  );
  return [
    ...own.map(([name, field]) => [name, field] as [string, FormSchema]),
    ...own.flatMap(([name, field]) => fields(field, name)),
    ...(schema.oneOf ?? []).flatMap((variant) => fields(variant, path)),
  ];
}

describe('the registry', () => {
  it('has connectors and operations with ids of their own', () => {
    const ids = CONNECTORS.map(({ id }) => id);
    const types = OPERATIONS.map(({ type, operation }) => `${type}@${operation.version}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(types).size).toBe(types.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it('names icons that there are', () => {
    const icons = [...CONNECTORS, ...OPERATIONS.map(({ operation }) => operation)].map(({ icon }) => icon);
    expect(icons.filter((icon) => !(icon in dynamicIconImports))).toEqual([]);
  });

  it('has a handler for each action, and an action for each handler', () => {
    const actions = OPERATIONS.filter(({ operation }) => operation.kind === 'action');
    for (const { type, operation } of actions)
      expect(findHandler(type, operation.version), type).toBeTypeOf('function');
    expect(HANDLERS.map(({ key }) => key).sort()).toEqual(
      actions.map(({ type, operation }) => `${type}@${operation.version}`).sort(),
    );
  });

  it('has handlers for each trigger of an app, of the kind that its delivery takes, and a trigger for them', () => {
    const kinds = { subscription: 'subscription', app_event: 'appEvent', polling: 'poll' } as const;
    const wanted = OPERATIONS.flatMap(({ type, connector, operation }) => {
      if (operation.kind !== 'trigger' || connector.id === 'core') return [];
      const { delivery } = operation;
      return [
        `${type}@${operation.version} ${delivery in kinds ? kinds[delivery as keyof typeof kinds] : delivery}`,
      ];
    });
    const had = TRIGGER_HANDLERS.map(
      (one) => `${one.key} ${Object.keys(one).find((name) => name !== 'key')}`,
    );
    expect(had.sort()).toEqual(wanted.sort());
  });

  it('has triggers of apps that need a connection, and whose settings are read before there is any data', () => {
    for (const { type, connector, operation } of OPERATIONS) {
      if (operation.kind !== 'trigger' || connector.id === 'core') continue;
      const nodeType = catalog(type, operation.version)!;
      expect(nodeType.needsConnection({}), type).toBe(true);
      expect(nodeType.connectors({}), type).toContain(connector.id);
      for (const [name, field] of Object.entries(operation.input.shape))
        expect(fieldMeta(field as z.ZodType).expression, `${type} ${name}`).toBe(false);
    }
  });

  it('knows nothing of types and versions that there are not', () => {
    expect(catalog('core.map', 2)).toBeUndefined();
    expect(catalog('core.nope', 1)).toBeUndefined();
    expect(findOperation('core.nope', 1)).toBeUndefined();
    expect(findHandler('core.webhook', 1)).toBeUndefined();
  });

  it('names only connectors that have a connection', () => {
    const withConnection = new Set(CONNECTORS.filter(({ connection }) => connection).map(({ id }) => id));
    for (const { type, operation } of OPERATIONS) {
      const used = catalog(type, operation.version)?.connectors(operation.initialConfig ?? {}) ?? [];
      expect(used.filter((id) => !withConnection.has(id))).toEqual([]);
    }
  });
});

describe.each(OPERATIONS.map((entry) => [entry.type, entry] as const))('%s', (type, { operation }) => {
  it('has an example output that is one', () => {
    expect(operation.output.safeParse(operation.sample).success).toBe(true);
  });

  it('refuses settings that it does not know', () => {
    const parsed = operation.input.safeParse({ ...operation.initialConfig, surplus: 1 });
    expect(parsed.error?.issues.map(({ code }) => code)).toContain('unrecognized_keys');
    expect(catalog(type, operation.version)?.checkConfig({ surplus: 1 })).toContainEqual(
      expect.objectContaining({ level: 'refused', code: 'setting_unknown', pointer: '/surplus' }),
    );
  });

  it('starts with settings that can be stored', () => {
    const faults = catalog(type, operation.version)?.checkConfig(operation.initialConfig ?? {}) ?? [];
    expect(faults.filter(({ level }) => level === 'refused')).toEqual([]);
  });

  it('makes a form: every setting has a title, and shows only on settings that there are', () => {
    const schema = formSchema(operation.input);
    expect(schema.additionalProperties).toBe(false);
    for (const [name, field] of fields(schema)) expect(field.title, `${type}${name}`).toBeTruthy();
    for (const [name, field] of Object.entries(operation.input.shape)) {
      const meta = fieldMeta(field as z.ZodType);
      expect(schema.properties?.[name], name).toMatchObject(JSON.parse(JSON.stringify(meta)) as object);
      if (meta.showIf) expect(operation.input.shape).toHaveProperty(meta.showIf.field);
    }
  });

  it('has ports and an effect for the settings it starts with', () => {
    const nodeType = catalog(type, operation.version)!;
    const config: JsonObject = operation.initialConfig ?? {};
    expect(nodeType.ports(config)).not.toContain('error');
    expect(['pure', 'read', 'keyed', 'once']).toContain(nodeType.effect(config));
  });
});

describe.each(
  CONNECTORS.flatMap((each) => (each.connection ? [[each.id, each.connection, each] as const] : [])),
)('a connection of %s', (id, connection, { oauth }) => {
  it('has titled fields of text, and marks every secret', () => {
    const schema = formSchema(connection);
    const secrets = Object.entries(schema.properties ?? {}).filter(([, field]) => field.secret === true);
    // Consent asks for no secret: the engine keeps the tokens.
    if (!oauth) expect(secrets.length).toBeGreaterThan(0);
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      expect(field, name).toMatchObject({ type: 'string' });
      expect(field.title, name).toBeTruthy();
      if (/(secret|password|token|key)$/i.test(name)) expect(field.secret, `${id}.${name}`).toBe(true);
    }
  });
});

describe('settings that decide something', () => {
  it.each<[JsonObject, readonly string[], boolean]>([
    [{}, [], false],
    [{ verify: { scheme: 'none' } }, [], false],
    [{ verify: { scheme: 'github' } }, ['signing_secret'], true],
    [{ verify: { scheme: 'hmac', header: 'X-S' } }, ['signing_secret'], true],
    [{ verify: { scheme: 'basic' } }, ['basic_auth', 'signing_secret'], true],
    [{ verify: { scheme: 'jwt' } }, ['signing_secret'], true],
    [{ verify: { scheme: 'jwt', jwksUrl: 'https://a.example/keys' } }, [], false],
  ])('the secret of a webhook %j is in %j', (config, connectors, needed) => {
    const webhook = catalog('core.webhook', 1)!;
    expect(webhook.connectors(config)).toEqual(connectors);
    expect(webhook.needsConnection(config)).toBe(needed);
  });

  it.each<[JsonObject, string]>([
    [{}, 'read'],
    [{ method: 'GET' }, 'read'],
    [{ method: 'HEAD' }, 'read'],
    [{ method: 'POST' }, 'keyed'],
    [{ method: 'DELETE' }, 'keyed'],
    [{ method: { $expr: 'trigger.method' } }, 'keyed'],
  ])('an HTTP request %j is %s', (config, effect) => {
    expect(catalog('http.request', 1)!.effect(config)).toBe(effect);
  });

  it('fills in the defaults of a webhook', () => {
    expect(findOperation('core.webhook', 1)!.operation.input.parse({})).toEqual({
      method: 'POST',
      verify: { scheme: 'none' },
      respond: 'accepted',
      respondTimeoutSeconds: 30,
      onSchemaMismatch: 'reject',
      onDrift: 'accept',
      maxBodyBytes: 1_048_576,
    });
  });
});
