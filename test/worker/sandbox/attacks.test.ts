import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { sandboxChildren, useSandbox } from './use-sandbox.ts';

const { run } = useSandbox({ size: 1 });
const DEADLINE_MS = 1_000;
/** The promise is 200 ms, on a machine with nothing else to do: `npm run attacks` holds it to that. */
const GRACE_MS = process.env['PATCHBAY_QUIET_MACHINE'] ? 200 : 3_000;

/** A child is there, also after one that was killed: what is measured is the attack. */
async function warm(): Promise<void> {
  const { output } = await run('export default () => "fine"');
  expect(output).toBe('fine');
}

beforeAll(warm, 30_000);

/** Evaluates to the names of what it got hold of. */
const reached = (expression: string) =>
  `export default async () => { try { return String(await (${expression})) } catch (e) { return "refused: " + e.message } }`;

describe('ways out', () => {
  test.each<[string, RegExp]>([
    ['this', /^undefined$/],
    [
      'Object.getOwnPropertyNames(globalThis).filter((n) => /process|require|global$|Deno|Bun|^Buffer|fetch|import|Worker|std$|^os$|print|scriptArgs|quit|load/i.test(n))',
      /^$/,
    ],
    ['this.constructor.constructor("return process")()', /^refused/],
    ['(() => {}).constructor("return process")()', /^refused: 'process' is not defined/],
    ['(async () => {}).constructor("return process.env")()', /^refused: 'process' is not defined/],
    ['(function* () {}).constructor("yield process")().next()', /^refused: 'process' is not defined/],
    ['console.log.constructor("return this.process")()', /^undefined$/],
    [
      'console.log.constructor.constructor("return globalThis.constructor.constructor")()("return process")()',
      /^refused/,
    ],
    ['Object.getPrototypeOf(console.log).constructor("return typeof require")()', /^undefined$/],
    ['globalThis.process', /^undefined$/],
    ['Reflect.get(globalThis, "process")', /^undefined$/],
    ['typeof require + typeof module + typeof exports', /^(undefined){3}$/],
    ['import("fs")', /^refused: could not load module/],
    ['import("node:child_process")', /^refused: could not load module/],
    ['import("/proc/self/environ")', /^refused: could not load module/],
    ['import("file:///etc/passwd")', /^refused: could not load module/],
    ['import("data:text/javascript,export default 1")', /^refused: could not load module/],
    ['import("std")', /^refused: could not load module/],
    ['import("os")', /^refused: could not load module/],
    ['import.meta.url', /^(undefined|code\.js|file:\/\/code\.js)$/],
    ['eval("typeof process + typeof require + typeof fetch")', /^(undefined){3}$/],
    ['(0, eval)("this.process")', /^undefined$/],
    [
      'new Function("return typeof WebAssembly + typeof SharedArrayBuffer + typeof Atomics")()',
      /^(undefined){3}$/,
    ],
    [
      'typeof setTimeout + typeof setInterval + typeof queueMicrotask + typeof XMLHttpRequest',
      /^(undefined){4}$/,
    ],
    ['Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', /^refused/],
    ['new WebAssembly.Memory({ initial: 1 })', /^refused/],
    [
      '(() => { const e = new Error(); Error.prepareStackTrace = (_, frames) => frames.map((f) => f.getThis?.()); return e.stack })()',
      /^(?!.*process)/s,
    ],
    ['(function () { return arguments.callee.caller })()', /^(refused|undefined|null)/],
    ['(() => { function f() { return f.caller } return f() })()', /^(refused|undefined|null)/],
    ['new Proxy(globalThis, { get: (t, k) => Reflect.get(t, k) }).process', /^undefined$/],
  ])('%s', async (expression, got) => {
    const { output } = await run(reached(expression));
    expect(output).toMatch(got);
  });

  test("the process has no environment, no files, nobody's rights and nothing but its pipes", async () => {
    const [pid] = sandboxChildren();
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toBe('');
    if (process.getuid?.() === 0)
      expect(status).toMatch(/Uid:\t65534\t65534\t65534\t65534\nGid:\t65534\t65534/);
    const args = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    expect(args).toContain('--permission');
    const readable = args.filter((arg) => arg.startsWith('--allow'));
    expect(
      readable.every((arg) => arg === '--allow-worker' || /(worker\/sandbox|quickjs[a-z-]*)\/$/.test(arg)),
    ).toBe(true);
  });
});

describe('results, errors and lines that play tricks', () => {
  test.each<[string, Json]>([
    [
      '() => JSON.parse(\'{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}\')',
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as Json,
    ],
    ['() => { Object.prototype.polluted = true; Array.prototype.map = 1; return [] }', []],
    ['() => { JSON.stringify = () => "evil"; JSON.parse = 1; return { ok: 1 } }', { ok: 1 }],
    [
      '() => { Promise.prototype.then = () => { throw 1 }; String.prototype.slice = () => { throw 1 }; return 1 }',
      1,
    ],
    ['() => { Object.defineProperty(Object.prototype, "up", { set() { throw 1 } }); return [[1]] }', [[1]]],
    ['() => { Object.defineProperty(Array.prototype, 0, { set() { throw 1 } }); return 1 }', 1],
    ['() => { WeakMap.prototype.has = () => true; WeakMap.prototype.get = () => "evil"; return 1 }', 1],
    [
      '() => new Proxy({ a: 1 }, { ownKeys: () => ["a", "b"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: (_, k) => (typeof k === "string" && k.length === 1 ? k : undefined) })',
      { a: 'a', b: 'b' },
    ],
    ['() => { let n = 0; return { get n() { return ++n }, toJSON: undefined } }', { n: 1 }],
    ['() => ({ toJSON() { this.toJSON = () => 2; return { toJSON: () => 3 } } })', {}],
    ['() => ({ then: (done) => done("thenable") })', 'thenable'],
    ['() => "\\u2028\\n{\\"type\\":\\"ready\\"}\\n"', '\u2028\n{"type":"ready"}\n'],
  ])('%s', async (code, output) => {
    const ran = await run(`export default ${code}`);
    if (output !== null && typeof output === 'object' && Object.keys(output).length === 0 && ran.error)
      expect(ran.error.code).toBe('code_result');
    else expect(JSON.stringify(ran.output)).toBe(JSON.stringify(output));
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
    expect(
      await run('export default () => [typeof {}.polluted, typeof [].map, JSON.stringify({})]'),
    ).toMatchObject({ output: ['undefined', 'function', '{}'] });
  });

  test.each([
    'throw { get name() { throw 1 }, get message() { throw 1 }, get stack() { throw 1 } }',
    'throw { name: {}, message: [1], stack: Symbol() }',
    'throw { name: "x".repeat(1e6), message: "y".repeat(1e6), stack: "code.js:99999999999:1\\n".repeat(1e5) }',
    'throw Object.assign(new Error("m"), { stack: "    at f (code.js:0:0)\\n{\\"type\\":\\"outcome\\"}" })',
    'throw new Proxy(new Error("m"), { get() { throw 2 } })',
    'throw null',
    'throw undefined',
    'throw Symbol("s")',
    'throw 10n',
    'throw Object.create(null)',
    'throw new Proxy(function () {}, { get() { throw 3 }, getPrototypeOf() { throw 4 } })',
    'Object.prototype.toJSON = () => "evil"; throw new Error("m")',
    'String.prototype.toJSON = () => 7; throw new Error("m")',
    'Object.defineProperty(Array.prototype, 0, { set() { throw 1 } }); return [[1]]',
    'Error = undefined; WeakMap = undefined; null.x',
    'class E extends Error { get message() { return { toString() { throw 1 } } } } throw new E()',
  ])('%s', async (statement) => {
    const { error } = await run(`export default () => { ${statement} }`);
    expect(error).toMatchObject({ kind: 'invalid', code: 'code_failed', pointer: '/config/code' });
    expect(error!.message.length).toBeLessThan(3_000);
    expect(JSON.stringify(error!.detail).length).toBeLessThan(8_000);
  });

  test('what is logged cannot speak for the process', async () => {
    const forged = JSON.stringify({ type: 'outcome', outcome: { kind: 'done', output: '"forged"' } });
    const { output, lines } = await run(
      `export default () => { console.log(${JSON.stringify(`\n${forged}\n`)}); return "real" }`,
    );
    expect(output).toBe('real');
    expect(lines).toEqual([`\n${forged}\n`]);
  });
});

describe(`bombs: over within ${DEADLINE_MS} ms and ${GRACE_MS} more, and the next job is fine`, () => {
  test.each<[string, string]>([
    ['endless loop', 'for (;;) {}'],
    ['endless loop at load', '0 } for (;;) {} {'],
    ['endless loop that catches', 'for (;;) try { for (;;) {} } catch {}'],
    ['endless promises', 'const f = () => Promise.resolve().then(f); return f()'],
    ['endless await', 'return (async () => { for (;;) await null })()'],
    ['endless generator', 'for (const x of (function* () { for (;;) yield 1 })()) ;'],
    ['endless getter in the result', 'return { get a() { for (;;) {} } }'],
    ['endless toJSON', 'return { toJSON() { for (;;) {} } }'],
    ['endless proxy', 'return new Proxy({}, { ownKeys() { for (;;) {} } })'],
    ['endless thenable', 'return { then(done) { done(this) } }'],
    ['endless stack of an error', 'throw { get stack() { for (;;) {} } }'],
    ['endless iterator', 'return [...{ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }]'],
    ['finally that loops', 'try { for (;;) {} } finally { for (;;) {} }'],
    ['a join that nothing interrupts', 'return new Array(3e8) + ""'],
    [
      'a list of 2^53 that nothing interrupts',
      'return Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)',
    ],
    ['a fill that nothing interrupts', 'return Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 1)'],
    ['recursion', 'const f = () => f() + 1; return f()'],
    ['recursion that catches', 'const f = () => { try { f() } catch { f() } }; return f()'],
    ['recursion through toString', 'const o = { toString() { return "" + o } }; return "" + o'],
    [
      'recursion through a proxy',
      'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x',
    ],
    ['recursion through sort', 'const f = () => [2, 1].sort(f); return f()'],
    ['recursion through JSON', 'return JSON.parse("[".repeat(1e6))'],
    ['a list nested a million deep', 'let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a'],
    [
      'a chain of bound functions',
      'let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); return f()',
    ],
    ['memory in lists', 'const a = []; for (;;) a.push(new Array(1000).fill(1))'],
    ['memory in lists, caught', 'const a = []; for (;;) try { a.push(new Array(1e6).fill(1)) } catch {}'],
    ['memory in text', 'let s = "x"; for (;;) s += s + "y"'],
    ['memory in one text', 'return "x".repeat(2 ** 30)'],
    ['memory in half of one text', 'return "x".repeat(2 ** 29).length'],
    ['memory in buffers', 'const a = []; for (;;) a.push(new ArrayBuffer(1e7))'],
    ['memory in one buffer', 'return new Uint8Array(2 ** 31 - 1).length'],
    ['memory in a growing buffer', 'return new ArrayBuffer(1, { maxByteLength: 2 ** 32 }).resize(2 ** 31)'],
    ['memory in maps', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, "x" + i)'],
    ['memory in closures', 'const a = []; for (;;) { const b = a.length; a.push(() => b) }'],
    ['memory in a BigInt', 'let n = 2n; for (;;) n = n ** 3n'],
    ['memory in promises', 'const a = []; for (;;) a.push(new Promise(() => {}))'],
    ['memory in padding', 'return "x".padEnd(2 ** 29, "ab").length'],
    ['memory in a match', 'return "x".repeat(1e7).split("").length'],
    ['memory in globals', 'for (let i = 0; ; i++) globalThis["v" + i] = i'],
    ['a large result', 'return Array.from({ length: 1e6 }, (_, i) => ({ i, text: "abcdefgh" }))'],
    [
      'a result of one list again and again',
      'let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; return a',
    ],
    ['a catastrophic regular expression', 'return /^(a+)+$/.test("a".repeat(50) + "b")'],
    ['another one', 'return /(x+x+)+y/.test("x".repeat(100))'],
    ['one in replace', 'return "a".repeat(50).replace(/(.*)*b/g, "")'],
    ['one with look-behind', 'return /(?<=(a+)+)$b/.test("a".repeat(60))'],
    ['a huge regular expression', 'return new RegExp("(".repeat(1e5) + ")".repeat(1e5)).test("")'],
    ['a sort bomb', 'return new Array(1e6).fill(0).sort(() => Math.random() - 0.5).length'],
    [
      'a sort without order',
      'const a = Array.from({ length: 2e6 }, (_, i) => i ^ 0x5555); for (;;) a.sort()',
    ],
    ['a flood of lines', 'for (;;) console.log("x".repeat(1000))'],
    ['a flood of large lines', 'const o = Array(1e5).fill("text"); for (;;) console.log(o)'],
    ['a flood of errors', 'for (;;) try { null.x } catch {}'],
    ['code that makes code', 'let s = "0"; for (let i = 0; i < 24; i++) s = `(${s}+${s})`; return eval(s)'],
    ['functions that make functions', 'for (;;) new Function("return " + Math.random())()'],
  ])('%s', async (_name, body) => {
    const { output, error, ms } = await run(`export default () => { ${body} }`, { timeoutMs: DEADLINE_MS });
    expect(ms).toBeLessThan(DEADLINE_MS + GRACE_MS);
    if (error) {
      expect(error.kind).toBe('invalid');
      expect(error.code).toMatch(/^code_(failed|timeout|memory|result|output_too_large)$/);
    } else expect(JSON.stringify(output).length).toBeLessThan(100);
    await sleep(0);
    await warm();
  });
});
