import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '#test/support/free-port.ts';
import { waitFor } from '#test/support/wait-for.ts';

import { installPeer } from './install-peer.ts';
import type { Shape, System } from './system.ts';

const VERSION = '5.0.7';
const START_MS = 60_000;

/** Node-RED with its own defaults, in a folder of its own: flows in memory, connections to the far end kept open. */
export async function startNodeRed(): Promise<System> {
  const folder = await installPeer('node-red', VERSION);
  const home = await mkdtemp(join(tmpdir(), 'patchbay-node-red-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await writeFile(join(home, 'settings.js'), settings(port));
  const child = spawn(
    process.execPath,
    [
      join(folder, 'node_modules/node-red/red.js'),
      '--userDir',
      home,
      '--settings',
      join(home, 'settings.js'),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await rm(home, { recursive: true, force: true });
  };
  try {
    await waitFor(
      'Node-RED to start',
      () => output.includes('Started flows') || child.exitCode !== null,
      START_MS,
    );
    if (child.exitCode !== null) throw new Error(`Node-RED did not start:\n${output}`);
  } catch (cause) {
    await stop();
    throw cause;
  }
  let deployed = 0;
  return {
    name: 'node-red',
    async publish(shape, farEndUrl) {
      deployed += 1;
      const path = `/orders-${deployed}`;
      await deploy(url, flowOf(shape, path, farEndUrl));
      return `${url}${path}`;
    },
    stop,
  };
}

function settings(port: number): string {
  const chosen = {
    uiPort: port,
    uiHost: '127.0.0.1',
    httpAdminRoot: '/admin',
    flowFile: 'flows.json',
    credentialSecret: false,
    telemetry: { enabled: false },
    logging: { console: { level: 'info', metrics: false, audit: false } },
  };
  return `module.exports = ${JSON.stringify(chosen)};\n`;
}

async function deploy(url: string, flows: readonly unknown[]): Promise<void> {
  const reply = await fetch(`${url}/admin/flows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(flows),
  });
  if (!reply.ok) throw new Error(`Node-RED refused the flow: ${reply.status} ${await reply.text()}`);
}

/** As Patchbay's: the reply goes out as soon as the event is there. */
function flowOf(shape: Shape, path: string, farEndUrl: string): readonly unknown[] {
  const { nodes, first, last } = WORK[shape];
  const wired = nodes.map((each) => ({ z: 'tab', ...each, ...(each.id === last && { wires: [['post']] }) }));
  return [
    { id: 'tab', type: 'tab', label: 'Bench' },
    { id: 'in', type: 'http in', z: 'tab', url: path, method: 'post', wires: [['reply', ...first]] },
    { id: 'reply', type: 'http response', z: 'tab', statusCode: '202', wires: [] },
    ...wired,
    {
      id: 'post',
      type: 'http request',
      z: 'tab',
      method: 'POST',
      ret: 'txt',
      paytoqs: 'ignore',
      persist: true,
      url: farEndUrl,
      headers: [],
      wires: [[]],
    },
  ];
}

interface RedNode {
  readonly id: string;
  readonly type: string;
  readonly wires: readonly (readonly string[])[];
  readonly [option: string]: unknown;
}

interface Work {
  readonly nodes: readonly RedNode[];
  /** Where events go in. */
  readonly first: readonly string[];
  readonly last: string;
}

const MAP = `const { id, number, customer, total } = msg.payload;
msg.payload = { id, title: 'Order ' + number, customer: customer.email, total };
return msg;`;
const COPY = `const { id, title, customer, total } = msg.payload;
msg.payload = { id, title, customer, total };
return msg;`;

const WORK: Readonly<Record<Shape, Work>> = {
  call: { nodes: [run('map', MAP, [])], first: ['map'], last: 'map' },
  'ten-steps': {
    nodes: Array.from({ length: 8 }, (_, index) =>
      run(`map${index}`, index === 0 ? MAP : COPY, [`map${index + 1}`]),
    ),
    first: ['map0'],
    last: 'map7',
  },
  'fan-out': fanOut(),
  loop: {
    nodes: [
      run(
        'list',
        'msg.order = msg.payload; msg.payload = Array.from({ length: 100 }, (_, i) => i + 1); return msg;',
        ['split'],
      ),
      { id: 'split', type: 'split', arraySplt: 1, arraySpltType: 'len', wires: [['item']] },
      run('item', 'msg.payload = { number: msg.payload }; return msg;', ['join']),
      { id: 'join', type: 'join', mode: 'auto', build: 'array', wires: [['order']] },
      run('order', 'msg.payload = msg.order; return msg;', ['map']),
      run('map', MAP, []),
    ],
    first: ['list'],
    last: 'map',
  },
};

function fanOut(): Work {
  const names = Array.from({ length: 20 }, (_, index) => `map${index}`);
  return {
    nodes: [
      ...names.map((name, index) =>
        run(
          name,
          MAP.replace(
            'return msg',
            `msg.parts = { id: id, type: 'array', count: 20, index: ${index} };\nreturn msg`,
          ),
          ['join'],
        ),
      ),
      { id: 'join', type: 'join', mode: 'auto', build: 'array', wires: [['all']] },
      run('all', 'msg.payload = msg.payload[19]; return msg;', []),
    ],
    first: names,
    last: 'all',
  };
}

function run(id: string, func: string, to: readonly string[]): RedNode {
  return { id, type: 'function', func, outputs: 1, wires: [to] };
}
