/** The name that the person's code has in stack traces. */
export const CODE_FILE = 'code.js';
export const GUEST_FILE = 'patchbay.js';

/**
 * What stands in the realm before the person's code: evaluated there, called with `emit(line)` and the limits, gives
 * `{ run, describe, refusal }`. It keeps the intrinsics that it uses, so code that changes them harms nothing but itself.
 * The realm has the language and `console`; whatever shares memory or waits is taken away.
 */
export const GUEST_SOURCE = `
(function (emit, maxDepth, maxLine) {
  'use strict';
  const { parse, stringify } = JSON;
  const { apply, deleteProperty } = Reflect;
  const { slice } = String.prototype;
  const { isArray } = Array;
  const { isFinite } = Number;
  const text = String;
  const BaseError = Error;
  const kinds = [
    [Promise, 'a promise', 'await it'],
    [Map, 'a Map', 'make it an object with Object.fromEntries'],
    [Set, 'a Set', 'make it a list with Array.from'],
    [WeakMap, 'a WeakMap', 'JSON has nothing like it'],
    [WeakSet, 'a WeakSet', 'JSON has nothing like it'],
    [RegExp, 'a regular expression', 'give its source'],
    [BaseError, 'an error', 'give its message, or throw it'],
    [ArrayBuffer, 'an ArrayBuffer', 'make it a list with Array.from'],
    [Object.getPrototypeOf(Uint8Array), 'a typed array', 'make it a list with Array.from'],
  ];
  for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly']) deleteProperty(globalThis, name);

  const cut = (value, length) =>
    value.length > length ? apply(slice, value, [0, length]) + '…' : value;
  const refusals = new WeakMap();
  const isRefusal = refusals.has.bind(refusals);
  const messageOf = refusals.get.bind(refusals);
  const remember = refusals.set.bind(refusals);
  function refuse(message) {
    const refusal = new BaseError(message);
    remember(refusal, message);
    throw refusal;
  }

  // What JSON cannot hold, and what to do about it.
  function problemOf(value) {
    switch (typeof value) {
      case 'function': return [null, 'a function', 'call it, or leave it out'];
      case 'symbol': return [null, 'a symbol', 'make it a text'];
      case 'bigint': return [null, 'a BigInt', 'make it a number or a text'];
      case 'number': return isFinite(value) ? null : [null, text(value), 'JSON has no such number'];
      case 'object': break;
      default: return null;
    }
    if (value === null || isArray(value)) return null;
    for (let n = 0; n < kinds.length; n++) if (value instanceof kinds[n][0]) return kinds[n];
    return null;
  }

  function refuseAt(at, key, what, remedy) {
    let path = '';
    for (let up = at, name = key; up !== null; name = up.key, up = up.up)
      path = (isArray(up.value) ? '[' + name + ']' : '.' + name) + path;
    if (path[0] === '.') path = apply(slice, path, [1]);
    refuse((at === null ? 'The result is ' + what : 'The result holds ' + what + ' at ' + cut(path, 200)) + ': ' + remedy);
  }

  // Where it stands is a chain of objects, since a list would ask Array.prototype, which the code may have changed.
  function toText(root) {
    let at = null;
    const result = stringify(root, function (key, value) {
      while (at !== null && at.value !== this) at = at.up;
      const problem = problemOf(value);
      if (problem !== null) refuseAt(at, key, problem[1], problem[2]);
      if (typeof value !== 'object' || value === null) return value;
      let depth = 1;
      for (let up = at; up !== null; up = up.up, depth++)
        if (up.value === value) refuseAt(at, key, 'itself', 'JSON cannot go round in circles');
      if (depth > maxDepth) refuse('The result is nested more than ' + maxDepth + ' levels deep');
      at = { value, key, up: at };
      return value;
    });
    return result === undefined ? 'null' : result;
  }

  async function run(handle, input) {
    if (typeof handle !== 'function')
      refuse('The code exports no function. Begin it with: export default (input) => …');
    return toText(await handle(parse(input)));
  }

  const readable = (read) => {
    try {
      const value = read();
      return typeof value === 'string' ? value : value === undefined ? '' : text(value);
    } catch { return ''; }
  };

  function describe(thrown) {
    const isObject = typeof thrown === 'object' && thrown !== null;
    return {
      __proto__: null,
      name: isObject ? cut(readable(() => thrown.name), 100) : '',
      message: cut(isObject ? readable(() => thrown.message) || shown(thrown) : shown(thrown), 2000),
      stack: isObject ? cut(readable(() => thrown.stack), 20000) : '',
      refusal: isObject && isRefusal(thrown) ? messageOf(thrown) : '',
    };
  }

  const shown = (value) =>
    typeof value === 'string' ? value : readable(() => inWords(value)) || readable(() => text(value)) || 'something without a text';

  function inWords(value) {
    if (typeof value !== 'object' || value === null) return '';
    if (!(value instanceof BaseError)) return stringify(value);
    const name = readable(() => value.name);
    return (name === '' ? '' : name + ': ') + readable(() => value.message);
  }

  const line = (prefix) => function (...values) {
    let said = prefix;
    for (let n = 0; n < values.length; n++) said += (n === 0 ? '' : ' ') + cut(shown(values[n]), maxLine);
    emit(cut(said, maxLine));
  };
  globalThis.console = {
    log: line(''), info: line(''), debug: line(''), warn: line('warning: '), error: line('error: '),
  };
  return { run, describe };
})
`;
