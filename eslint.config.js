import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const OUTGOING = 'Outgoing calls go through egressClient() in server/egress, which checks every address.';

/** Whatever opens a connection from inside the product: only `server/egress` may hold it. */
const outgoingModules = ['undici', 'node:https', 'https', 'http', 'node:http2', 'http2', 'axios', 'got'].map(
  (name) => ({ name, message: OUTGOING, allowTypeImports: true }),
);
/** Raw sockets: connectors get theirs from their context. */
const socketModules = ['node:net', 'net', 'node:tls', 'tls', 'node:dgram', 'dgram'].map((name) => ({
  name,
  message: 'Sockets come from the dial() of a step’s context, which checks every address.',
  allowTypeImports: true,
}));
const httpServerOnly = {
  name: 'node:http',
  importNames: ['request', 'get', 'Agent', 'globalAgent', 'ClientRequest', 'default'],
  message: OUTGOING,
  allowTypeImports: true,
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '.next/**',
      'dist/**',
      '.patchbay/**',
      'prisma/generated/**',
      'next-env.d.ts',
      'test-results/**',
      'test/architecture/fixtures/**',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-debugger': 'error',
      'no-empty': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // The product's own processes.
    files: ['core/**', 'connectors/**', 'server/**', 'worker/**', 'app/**'],
    ignores: ['server/egress/**'],
    rules: {
      'no-console': 'error',
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [...outgoingModules, httpServerOnly] }],
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: OUTGOING },
        { name: 'WebSocket', message: OUTGOING },
        { name: 'EventSource', message: OUTGOING },
      ],
      'no-restricted-properties': ['error', { object: 'globalThis', property: 'fetch', message: OUTGOING }],
    },
  },
  {
    files: ['connectors/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [...outgoingModules, httpServerOnly, ...socketModules] },
      ],
    },
  },
  {
    // The pure part: no clock, no dice, no process.
    files: ['core/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'fetch',
          'WebSocket',
          'EventSource',
          'process',
          'setTimeout',
          'setInterval',
          'performance',
          'Buffer',
        ].map((name) => ({
          name,
          message: 'core is pure: what it needs of the world comes in as an argument.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'core reads no clock: take the time as an argument.' },
        {
          object: 'Math',
          property: 'random',
          message: 'core rolls no dice: take the random number as an argument.',
        },
      ],
    },
  },
  {
    // What runs in the browser may call its own API.
    files: ['components/**', 'app/**/*.tsx', 'test/**/*.tsx'],
    extends: [reactHooks.configs.flat.recommended],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // Launchers: plain JavaScript for any Node.
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-unused-vars': 'error',
      'prefer-const': 'error',
    },
  },
);
