/**
 * Who may import whom (README, "Where things are"; docs/decisions/0001-folders.md):
 * core ← connectors ← server ← worker, and core, connector definitions ← components ← app → server.
 */

/** npm packages that core may use: no I/O, no clock, no randomness in what we call of them. */
const PURE_PACKAGES = ['zod', 'jsonata', 're2js', 'ajv', 'ajv-formats', 'croner', '@dagrejs/dagre'];
const pure = `node_modules/(${PURE_PACKAGES.map((name) => name.replace('/', '\\/')).join('|')})/`;

/** A folder may import only itself and what is listed. */
function layer(name, folder, allowed, comment) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: folder },
    to: {
      path: '^(app|cli|components|connectors|core|prisma|sandbox|scripts|server|test|worker)/',
      pathNot: allowed,
    },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    layer(
      'core-alone',
      '^core/',
      '^core/',
      'core is pure and stands alone: it takes the catalogue as an argument.',
    ),
    {
      name: 'core-pure-node',
      severity: 'error',
      comment: 'core does no I/O: it runs in the browser too.',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-pure-npm',
      severity: 'error',
      comment: 'core uses only the packages listed in .dependency-cruiser.cjs.',
      from: { path: '^core/' },
      to: { path: 'node_modules', pathNot: pure },
    },
    layer(
      'connectors',
      '^connectors/',
      '^(connectors|core)/',
      'Connectors know core and the connector contract.',
    ),
    {
      name: 'definitions-browser-safe',
      severity: 'error',
      comment: 'A connector definition reaches the browser: no handler, no Node module.',
      from: { path: '^connectors/(.*/definition|definitions|contract)\\.ts$' },
      to: { path: 'handlers?\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'definitions-no-node',
      severity: 'error',
      comment: 'A connector definition reaches the browser: no handler, no Node module.',
      from: { path: '^connectors/(.*/definition|definitions|contract)\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    layer(
      'server',
      '^server/',
      '^(server|core|connectors|prisma/generated)/',
      'server is used by web and worker alike.',
    ),
    layer(
      'worker',
      '^worker/',
      '^(worker|server|core|connectors|prisma/generated)/',
      'The worker runs flows; it knows no page.',
    ),
    layer(
      'components',
      '^components/',
      '^(components|core|connectors)/',
      'Components run in the browser: no server code.',
    ),
    {
      name: 'components-no-handlers',
      severity: 'error',
      comment: 'What runs in the browser may not reach, by however many steps, what runs on the server.',
      from: { path: '^components/' },
      to: { path: '^(server|worker)/|^connectors/.*handlers\\.ts$', reachable: true },
    },
    layer(
      'app',
      '^app/',
      '^(app|components|core|server)/|^connectors/(definitions|contract)\\.ts$',
      'Pages are thin.',
    ),
    layer(
      'cli',
      '^cli/',
      '^(cli|core)/|^server/(backup/|vault/|db/pool\\.ts$|env\\.ts$)',
      'The CLI talks to the REST API only; backups and the change of the master key are made on the database.',
    ),
    layer(
      'scripts',
      '^scripts/',
      '^(scripts|server|core|connectors|prisma)/',
      'Scripts start the product; they are no part of it.',
    ),
    layer(
      'sandbox-alone',
      '^sandbox/',
      '^sandbox/',
      'The sandbox app plays somebody else: it shares nothing with Patchbay.',
    ),
    {
      name: 'sandbox-apart',
      severity: 'error',
      comment: 'Nothing but tests imports the sandbox app: Patchbay knows it as it knows any vendor.',
      from: { pathNot: '^(sandbox|test)/' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'app-is-a-top',
      severity: 'error',
      comment: 'Nothing imports app, worker or test.',
      from: { pathNot: '^(app|worker|test)/' },
      to: { path: '^(app|worker|test)/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Import circles make modules that cannot be understood, or loaded, one at a time.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A module that nothing reaches is dead.',
      from: {
        orphan: true,
        pathNot:
          '(^|/)[^/]+\\.config\\.(js|cjs|mjs|ts)$|\\.d\\.ts$|^app/.*(page|layout|route|error|loading|not-found|icon)\\.tsx?$',
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'The imported module does not exist.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^server-only$' },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      comment: 'The product may not need a package that only tests install.',
      from: { path: '^(app|components|connectors|core|sandbox|server|worker|cli)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^prisma/generated' },
    exclude: { path: '^(\\.next|dist)/|^prisma/generated/internal' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      importsFields: ['imports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.css'],
    },
    detectJSONImports: true,
  },
};
