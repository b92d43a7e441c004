import type { JsonObject } from '../../json.ts';
import { Unsure } from '../js/js-tree.ts';
import { fieldOf, type Piece, whole } from '../js/jsonata-text.ts';
import { objectsAt, textAt } from '../json-fields.ts';
import { toWrite } from '../mapped.ts';
import { type MsgData, msgWith, msgWithout, readMsg } from './msg-data.ts';
import { asValue, msgValues } from './msg-values.ts';
import { ask, type RedMapping, type RedNode, turnsInto } from './red-node.ts';

/** Change: each property that its rules touch becomes a field of a Map, rule after rule. */
export const change: RedMapping = (node) => {
  const touched = new Map<string, Piece | undefined>();
  let data = node.msg;
  for (const [index, rule] of rulesOf(node).entries()) {
    const place = `Rule ${index + 1}`;
    const path = textAt(rule, ['p']).split('.');
    const [root = ''] = path;
    if (textAt(rule, ['pt'], 'msg') !== 'msg') {
      ask(
        node,
        place,
        'Steps here keep nothing for later runs, so flow and global are not set.',
        'Keep it in a database or a sheet.',
        JSON.stringify(rule),
      );
      continue;
    }
    const kind = textAt(rule, ['t'], 'set');
    if (kind === 'delete') {
      data = msgWithout(data, path.join('.'), `msg.${path.join('.')} was deleted before`);
      if (path.length === 1) touched.delete(root);
      continue;
    }
    const value =
      kind === 'change' ? replaced(rule, node, data, place) : valueOf(rule, kind, node, data, place);
    const target = kind === 'move' ? textAt(rule, ['to']).split('.') : path;
    put(target, value, place);
    if (kind === 'move') data = msgWithout(data, path.join('.'), `msg.${path.join('.')} was moved before`);
  }
  const output = Object.fromEntries(
    [...touched].map(([name, piece]) => [name, piece === undefined ? toWrite('') : asValue(piece)]),
  );
  const own = Object.fromEntries(
    [...touched.keys()].map((name) => [name, fieldOf(whole(`steps.${node.id}`), name).text]),
  );
  return turnsInto(node, 'core.map', { output }, msgWith(data, own));

  function put(path: readonly string[], value: Piece | undefined, place: string): void {
    const [root = '', ...inner] = path;
    const made = value && inner.length > 0 ? setIn(root, inner, value, place) : value;
    touched.set(root, made);
    data =
      made === undefined
        ? msgWithout(data, root, `msg.${root} is still to be written in “${node.source.name}”`)
        : msgWith(data, { [root]: made.text });
  }

  function setIn(root: string, inner: readonly string[], value: Piece, place: string): Piece | undefined {
    try {
      return within(readMsg(data, [root]), inner, value);
    } catch (thrown) {
      if (!(thrown instanceof Unsure)) throw thrown;
      ask(
        node,
        place,
        `This could not be translated for sure: ${thrown.message}.`,
        'Write the value.',
        `msg.${root}.${inner.join('.')}`,
      );
      return undefined;
    }
  }
};

/** The old form of the node has one rule in its own settings. */
function rulesOf({ settings }: RedNode): readonly JsonObject[] {
  const rules = objectsAt(settings, 'rules');
  if (rules.length > 0) return rules;
  const action = textAt(settings, ['action'], 'replace');
  return [
    {
      t: action === 'replace' ? 'set' : action,
      p: textAt(settings, ['property'], 'payload'),
      to: textAt(settings, ['to']),
      tot: 'str',
    },
  ];
}

function valueOf(
  rule: JsonObject,
  kind: string,
  node: RedNode,
  data: MsgData,
  place: string,
): Piece | undefined {
  const values = msgValues(() => data, node.hint);
  if (kind === 'move') return values.piece(textAt(rule, ['p']), 'msg', place);
  return values.piece(rule['to'], textAt(rule, ['tot'], 'str'), place);
}

/** Every place of a text within a text. */
function replaced(rule: JsonObject, node: RedNode, data: MsgData, place: string): Piece | undefined {
  const values = msgValues(() => data, node.hint);
  const of = values.piece(textAt(rule, ['p']), 'msg', place);
  const isRegex = textAt(rule, ['fromt'], 'str') === 're';
  if (
    isRegex ||
    textAt(rule, ['fromt'], 'str') !== 'str' ||
    textAt(rule, ['tot'], 'str') !== 'str' ||
    textAt(rule, ['to']).includes('$')
  ) {
    ask(
      node,
      place,
      'Only a plain text is replaced by a plain text.',
      'Write it with $replace.',
      JSON.stringify(rule),
    );
    return undefined;
  }
  const [from, to] = [JSON.stringify(textAt(rule, ['from'])), JSON.stringify(textAt(rule, ['to']))];
  return of && whole(`($type(${of.text}) = "string" ? $replace(${of.text}, ${from}, ${to}) : ${of.text})`);
}

function within(of: Piece, [first = '', ...rest]: readonly string[], value: Piece): Piece {
  const inner = rest.length === 0 ? value : within(fieldOf(of, first), rest, value);
  return whole(`$merge([${of.text}, {${JSON.stringify(first)}: ${inner.text}}])`, 'object');
}
