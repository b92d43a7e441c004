import { own } from '../own.ts';
import { type JsNode, Unsure } from '../js/js-tree.ts';
import { fieldOf, type Piece, whole } from '../js/jsonata-text.ts';
import { emitJs, type JsResolver } from '../js/translate-js.ts';
import { type ItemData, SEVERAL } from './item-data.ts';

/** What expressions of a node of n8n can name. */
export interface N8nScope {
  readonly workflowName: string;
  input(): ItemData;
  /** The data of another node; unknown where it does not come before this one. */
  dataOf(nodeName: string): ItemData;
  /** The loop that the node is in. */
  readonly loop: string | undefined;
  /** A name for the item while a list is gone through, in place of the input. */
  readonly itemName?: string;
}

/** Reads `$json`, `$('Node').item.json`, `$node["Node"].json`, `$now` and the other names of n8n. */
export function n8nResolver(scope: N8nScope): JsResolver {
  const resolve: JsResolver = (node) => json(node) ?? names(node);
  return resolve;

  /** A node that stands for the data of an item, or for what lies in it. */
  function json(node: JsNode): Piece | undefined {
    const path: string[] = [];
    let base = node;
    for (; base.kind === 'member' && jsonData(base) === undefined; base = base.of) path.unshift(base.name);
    const item = jsonData(base);
    if (item === undefined) return undefined;
    return path.at(-1) === 'length' ? undefined : withinItem(item, path);
  }

  function jsonData(node: JsNode): ItemData | undefined {
    if (node.kind === 'name' && (node.name === '$json' || node.name === '$data')) return current();
    if (node.kind !== 'member' || node.name !== 'json') return undefined;
    return itemOf(node.of);
  }

  function current(): ItemData {
    return scope.itemName === undefined ? scope.input() : { kind: 'one', text: scope.itemName };
  }

  /** `$input.item`, `$('X').first()`, `$node["X"]` … */
  function itemOf(node: JsNode): ItemData | undefined {
    if (node.kind === 'member' && isName(node.of, '$node')) return scope.dataOf(node.name);
    const isCall = node.kind === 'call';
    const access = isCall ? node.of : node;
    if (access.kind !== 'member') return undefined;
    const data = isName(access.of, '$input') ? current() : referred(access.of);
    if (data === undefined || data.kind === 'unknown') return data;
    if (access.name === 'item' && !isCall) return data;
    if (isCall && node.args.length === 0 && (access.name === 'first' || access.name === 'last')) {
      if (data.kind === 'one') return data;
      return { ...data, kind: 'one', text: `${data.text}[${access.name === 'first' ? 0 : -1}]` };
    }
    if (isCall && access.name === 'itemMatching' && data.kind === 'one') return data;
    throw new Unsure(`${access.name}${isCall ? '()' : ''} of a node is not taken over`);
  }

  /** `$('X')` */
  function referred(node: JsNode): ItemData | undefined {
    if (node.kind !== 'call' || !isName(node.of, '$')) return undefined;
    const [name] = node.args;
    if (name?.kind !== 'literal' || typeof name.value !== 'string')
      throw new Unsure('the name of the node is not plain');
    return scope.dataOf(name.value);
  }

  function names(node: JsNode): Piece | undefined {
    if (node.kind === 'member' && node.of.kind === 'name') {
      const known = own(MEMBERS, `${node.of.name}.${node.name}`);
      if (known !== undefined) return known;
      if (node.of.name === '$workflow' && node.name === 'name')
        return whole(JSON.stringify(scope.workflowName), 'text');
    }
    if (
      node.kind === 'call' &&
      node.of.kind === 'member' &&
      isName(node.of.of, 'DateTime') &&
      node.of.name === 'now'
    ) {
      return whole('$now()', 'date');
    }
    if (node.kind === 'call' && node.of.kind === 'name') return helper(node.of.name, node.args);
    if (node.kind !== 'name') return undefined;
    if (node.name === '$now') return whole('$now()', 'date');
    if (node.name === '$today') return whole('$startOf($now(), "day")', 'date');
    if (node.name === '$itemIndex') return whole(scope.loop === undefined ? '0' : 'index', 'number');
    const why = own(UNKNOWN, node.name);
    if (why !== undefined) throw new Unsure(why);
    return undefined;
  }

  function helper(name: string, args: readonly JsNode[]): Piece | undefined {
    const pieces = () => args.map((arg) => emitJs(arg, resolve).text);
    if (name === '$if' && args.length === 3) {
      const [test = '', yes = '', no = ''] = pieces();
      return whole(`(${test} ? (${yes}) : (${no}))`);
    }
    if (name === '$ifEmpty' && args.length === 2) {
      const [value = '', other = ''] = pieces();
      return whole(`((${value}) ? (${value}) : (${other}))`);
    }
    return undefined;
  }
}

function withinItem(data: ItemData, path: readonly string[]): Piece {
  if (data.kind === 'unknown') throw new Unsure(data.why);
  if (data.kind === 'many') throw new Unsure(SEVERAL);
  const [first] = path;
  if (first !== undefined && data.lacks?.includes(first))
    throw new Unsure(`the field “${first}” has no counterpart here`);
  if (data.fields === undefined) return path.reduce(fieldOf, whole(data.text));
  if (first === undefined) throw new Unsure('the whole event has another form here');
  for (let length = path.length; length > 0; length -= 1) {
    const known = own(data.fields, path.slice(0, length).join('.'));
    if (known !== undefined) return path.slice(length).reduce(fieldOf, whole(known));
  }
  throw new Unsure(`the field “${path.join('.')}” has no counterpart here`);
}

function isName(node: JsNode, name: string): boolean {
  return node.kind === 'name' && node.name === name;
}

const MEMBERS: Readonly<Record<string, Piece>> = {
  '$execution.id': whole('run.id', 'text'),
};

const NO_COUNTERPART = 'it has no counterpart here';
const UNKNOWN: Readonly<Record<string, string>> = {
  $env: 'flows cannot read the environment; secrets belong in a connection',
  $vars: 'there are no variables of a workspace yet',
  $secrets: 'secrets belong in a connection',
  $binary: 'files do not go from step to step here',
  $runIndex: NO_COUNTERPART,
  $parameter: NO_COUNTERPART,
  $prevNode: NO_COUNTERPART,
  $execution: NO_COUNTERPART,
  $workflow: NO_COUNTERPART,
  $input: NO_COUNTERPART,
  $node: NO_COUNTERPART,
};
