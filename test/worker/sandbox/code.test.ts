import { beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { useSandbox } from './use-sandbox.ts';

const { run } = useSandbox({ size: 1 });

beforeAll(() => run('export default () => 1'), 30_000);

describe('what code gives back', () => {
  test.each<[string, Json, Json]>([
    ['(input) => input.n * 2', { n: 21 }, 42],
    [
      'async (input) => { await null; return { ...input, b: [1, "é😀"] } }',
      { a: 'ü' },
      { a: 'ü', b: [1, 'é😀'] },
    ],
    ['() => {}', null, null],
    ['() => ({ a: undefined, b: [undefined] })', null, { b: [null] }],
    ['() => new Date(0)', null, '1970-01-01T00:00:00.000Z'],
    ['() => new Date(2026, 0, 1).toISOString()', null, '2026-01-01T00:00:00.000Z'],
    ['(x) => x', ['\u0000', '\uD800', '"\\'], ['\u0000', '\uD800', '"\\']],
    ['function (x) { return new Set(x).size }', [1, 1, 2], 2],
    ['new (class { #x = 1; read = () => this.#x })().read', null, 1],
    ['(x) => Object.groupBy(x, (n) => n % 2 ? "odd" : "even")', [1, 2, 3], { odd: [1, 3], even: [2] }],
    ['() => ({ toJSON: () => ({ own: true }) })', null, { own: true }],
    ['() => ({ get a() { return 1 } })', null, { a: 1 }],
    ['() => Promise.all([1, Promise.resolve(2)])', null, [1, 2]],
    ['() => { const one = { n: 1 }; return [one, one] }', null, [{ n: 1 }, { n: 1 }]],
  ])('%s', async (code, input, output) => {
    expect(await run(`export default ${code}`, { input })).toMatchObject({ output, error: undefined });
  });

  test('a module may have functions of its own, wait at its top level, and name its export otherwise', async () => {
    const code =
      'const base = await Promise.resolve(40);\nfunction add(n) { return base + n }\nexport { add as default };';
    expect((await run(code, { input: 2 })).output).toBe(42);
  });

  test.each<[string, string]>([
    [
      '() => ({ a: { b: [1, () => 1] } })',
      'The result holds a function at a.b[1]: call it, or leave it out.',
    ],
    ['() => Symbol("s")', 'The result is a symbol: make it a text.'],
    ['() => [10n]', 'The result holds a BigInt at [0]: make it a number or a text.'],
    [
      '() => { const a = { b: {} }; a.b.c = a; return a }',
      'The result holds itself at b.c: JSON cannot go round in circles.',
    ],
    ['() => ({ rate: 0 / 0 })', 'The result holds NaN at rate: JSON has no such number.'],
    ['() => ({ m: new Map() })', 'The result holds a Map at m: make it an object with Object.fromEntries.'],
    ['(x) => [Promise.resolve(1)]', 'The result holds a promise at [0]: await it.'],
    [
      '() => { let a = []; for (let i = 0; i < 300; i++) a = [a]; return a }',
      'The result is nested more than 200 levels deep.',
    ],
    ['42', 'The code exports no function. Begin it with: export default (input) => ….'],
  ])('%s is refused', async (code, message) => {
    expect((await run(`export default ${code}`)).error).toEqual({
      kind: 'invalid',
      code: 'code_result',
      message,
      pointer: '/config/code',
    });
  });

  test('a promise that nothing settles is told at once', async () => {
    const { error, ms } = await run('export default () => new Promise(() => {})');
    expect(error).toMatchObject({
      code: 'code_result',
      message: expect.stringContaining('nothing settles') as string,
    });
    expect(ms).toBeLessThan(2_000);
  });
});

describe('what code throws is told with its own line and column', () => {
  test.each<[string, string, Json]>([
    [
      'export default (input) => {\n  const order = input.order;\n  return order.total;\n}',
      "TypeError: cannot read property 'total' of undefined (line 3, column 15)",
      { name: 'TypeError', line: 3, column: 15, stack: 'at default (code.js:3:15)' },
    ],
    [
      'const fail = () => {\n  throw new RangeError("too far");\n};\nexport default async () => {\n  await 1;\n  fail();\n}',
      'RangeError: too far (line 2, column 23)',
      {
        name: 'RangeError',
        line: 2,
        column: 23,
        stack: 'at fail (code.js:2:23)\nat default (code.js:6:7)',
      },
    ],
    [
      'export default () => {\n  return 1 +;\n}',
      "SyntaxError: unexpected token in expression: ';' (line 2, column 13)",
      { name: 'SyntaxError', line: 2, column: 13, stack: 'at code.js:2:13' },
    ],
    [
      'export default () => { throw "no" }',
      'The code threw no',
      { name: '', line: null, column: null, stack: '' },
    ],
  ])('%j', async (code, message, detail) => {
    const { error } = await run(code, { input: {} });
    expect(error).toEqual({ kind: 'invalid', code: 'code_failed', message, pointer: '/config/code', detail });
  });

  test.each<[string, RegExp]>([
    [
      'fetch("https://example.com")',
      /'fetch' is not defined \(line 1, column \d+\)\. There is no network here: use an HTTP request node\./,
    ],
    ['setTimeout(() => 1, 1)', /There are no timers here: use a Wait node\./],
    ['require("fs")', /There are no modules, files or processes here/],
    ['new URL("https://a.b")', /what browsers and Node\.js add is not there/],
    ['await import("fs")', /could not load module 'fs'\. There is nothing to import here/],
  ])('%s: what there is instead', async (code, message) => {
    const { error } = await run(`export default async () => ${code}`);
    expect(error).toMatchObject({ kind: 'invalid', code: 'code_failed' });
    expect(error?.message).toMatch(message);
  });

  test('imports are refused', async () => {
    const { error } = await run('import fs from "fs";\nexport default () => fs');
    expect(error?.message).toMatch(/could not load module 'fs'\. There is nothing to import here/);
  });
});

describe('console', () => {
  test('lines come with the step, in order, also from code that fails', async () => {
    const { lines, error } = await run(
      'console.log("at load");\nexport default (x) => {\n  console.log("got", x, 1, undefined, new TypeError("t"));\n  console.warn("hm");\n  console.error("oh");\n  throw new Error("end");\n}',
      { input: { a: [1] } },
    );
    expect(lines).toEqual(['at load', 'got {"a":[1]} 1 undefined TypeError: t', 'warning: hm', 'error: oh']);
    expect(error?.code).toBe('code_failed');
  });

  test('a flood is cut, in lines and in their length', async () => {
    const { lines, output } = await run(
      'export default () => { for (let i = 0; i < 1e5; i++) console.log(i); console.log("x".repeat(1e6)); return 1 }',
    );
    expect(output).toBe(1);
    expect(lines.length).toBe(2_000);
    const long = await run('export default () => console.log("x".repeat(1e6))');
    expect(long.lines.map((line) => line.length)).toEqual([2_001]);
  });
});

describe('sizes', () => {
  test('3 MB in and out', async () => {
    const input = 'é'.repeat(1_500_000);
    expect((await run('export default (x) => x', { input })).output).toBe(input);
  });

  test('too much in is told before anything runs', async () => {
    const { error } = await run('export default () => 1', { input: 'x'.repeat(5_000_000) });
    expect(error).toMatchObject({ code: 'code_input_too_large', kind: 'invalid', pointer: '/config/input' });
  });

  test.each(['"x".repeat(5e6)', '"é".repeat(3e6)', '"x".repeat(1e7)'])('too much out: %s', async (code) => {
    const { error } = await run(`export default () => ${code}`);
    expect(error).toMatchObject({ code: 'code_output_too_large', kind: 'invalid' });
  });
});
