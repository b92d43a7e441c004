import { Unsure } from '../js/js-tree.ts';
import { fieldOf, type Piece, whole } from '../js/jsonata-text.ts';

/** Where the properties of a message of Node-RED are found in this flow. */
export interface MsgData {
  /** Expressions by paths, such as `payload` or `req.body`. */
  readonly fields: ReadonlyMap<string, string>;
  /** The expression of an object that holds all other properties. */
  readonly rest?: string;
  /** Properties that are gone, or are not known; with why. */
  readonly lost: ReadonlyMap<string, string>;
}

export function msgOf(
  fields: Readonly<Record<string, string>>,
  lost: Readonly<Record<string, string>> = {},
): MsgData {
  return { fields: new Map(Object.entries(fields)), lost: new Map(Object.entries(lost)) };
}

/** The same message with some properties that are found elsewhere now. */
export function msgWith(data: MsgData, fields: Readonly<Record<string, string>>): MsgData {
  const isUnder = (path: string) =>
    Object.keys(fields).some((name) => path === name || path.startsWith(`${name}.`));
  const keep = (map: ReadonlyMap<string, string>) => [...map].filter(([path]) => !isUnder(path));
  return {
    ...data,
    fields: new Map([...keep(data.fields), ...Object.entries(fields)]),
    lost: new Map(keep(data.lost)),
  };
}

/** The same message without a property. */
export function msgWithout(data: MsgData, name: string, why: string): MsgData {
  const fields = [...data.fields].filter(([path]) => path !== name && !path.startsWith(`${name}.`));
  return { ...data, fields: new Map(fields), lost: new Map([...data.lost, [name, why]]) };
}

/** The expression for a property; throws `Unsure` where it is not known. */
export function readMsg(data: MsgData, path: readonly string[]): Piece {
  for (let length = path.length; length > 0; length -= 1) {
    const start = path.slice(0, length).join('.');
    const found = data.fields.get(start);
    if (found !== undefined) return path.slice(length).reduce(fieldOf, whole(found));
    const lost = data.lost.get(start);
    if (lost !== undefined) throw new Unsure(lost);
  }
  if (path.length > 0 && data.rest !== undefined) return path.reduce(fieldOf, whole(data.rest));
  throw new Unsure(`where msg${path.map((part) => `.${part}`).join('')} comes from is not known`);
}

/** The message where wires meet. Properties that differ are known only where just one of the ways is taken. */
export function mergeMsgs(found: readonly MsgData[], areExclusive: boolean): MsgData {
  const [first, ...others] = found;
  if (first === undefined) return msgOf({}, {});
  if (others.length === 0) return first;
  const paths = new Set(found.flatMap(({ fields, lost }) => [...fields.keys(), ...lost.keys()]));
  const fields = new Map<string, string>();
  const lost = new Map<string, string>();
  for (const path of paths) {
    const texts = found.map((data) => textAtPath(data, path));
    const distinct = [...new Set(texts)];
    const [only] = distinct;
    if (distinct.includes(undefined))
      lost.set(path, `msg.${path} is not known on each of the ways that meet here`);
    else if (distinct.length === 1 && only !== undefined) fields.set(path, only);
    else if (areExclusive) fields.set(path, `(${distinct.join(' ?? ')})`);
    else lost.set(path, `which of the ways that meet here msg.${path} comes from is not known`);
  }
  const rests = new Set(found.map(({ rest }) => rest));
  const [rest] = rests;
  return { fields, lost, ...(rests.size === 1 && rest !== undefined && { rest }) };
}

function textAtPath(data: MsgData, path: string): string | undefined {
  try {
    return readMsg(data, path.split('.')).text;
  } catch (thrown) {
    if (thrown instanceof Unsure) return undefined;
    throw thrown;
  }
}
