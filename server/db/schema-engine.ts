import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

type SchemaEngine = bindings.SchemaEngine;

/**
 * Prisma's schema engine from its WebAssembly build, so that migrating needs no downloaded binary.
 *
 * @param connectionString the database that migrations are applied to; a diff of two schema files never connects.
 */
export async function openSchemaEngine(connectionString: string): Promise<SchemaEngine> {
  await loadWasm();
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString }));
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory);
}

let loaded: Promise<void> | undefined;

function loadWasm(): Promise<void> {
  loaded ??= (async () => {
    // The package's own entry imports the .wasm file as a module, which Node does not do.
    const script = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
    const bytes = await readFile(script.replace(/\.js$/, '.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, {
      './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports,
    });
    const exported = instance.exports as { __wbindgen_start: () => void };
    bindings.__wbg_set_wasm(exported);
    exported.__wbindgen_start();
  })();
  return loaded;
}
