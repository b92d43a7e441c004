import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Adds what npm leaves out of package-lock.json when a registry lacks some packages for other platforms: without these
 * entries `npm ci` refuses the lockfile everywhere. Run it after `npm install`: node scripts/complete-lockfile.ts
 */
const LOCKFILE = resolve(import.meta.dirname, '../package-lock.json');

interface Entry {
  version: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[];
}
interface Lockfile {
  packages: Record<string, Entry>;
}

/** Adds the missing entries to a lockfile's text and returns it with their names. */
export function completeLockfile(text: string): { readonly text: string; readonly added: readonly string[] } {
  const lock = JSON.parse(text) as Lockfile;
  const added: string[] = [];
  for (const parent of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      if (lock.packages[path] || !/^\d/.test(version)) continue;
      lock.packages[path] = {
        version,
        ...platformOf(name),
        ...(parent.dev ? { dev: true } : {}),
        optional: true,
      };
      added.push(`${name}@${version}`);
    }
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { text: `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`, added };
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'windows'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** Such packages say in their names what they are for: `jscpd-linux-arm64-musl`. Throws for one that does not. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/]/);
  const cpu = PROCESSORS.find((each) => words.includes(each));
  const os = SYSTEMS.find((each) => words.includes(each));
  if (!cpu || (!os && cpu !== 'wasm32'))
    throw new Error(`${name} does not name its platform: add it by hand.`);
  const isMusl = words.some((word) => word.startsWith('musl'));
  return {
    cpu: [cpu],
    ...(os === 'linux' ? { libc: [isMusl ? 'musl' : 'glibc'] } : {}),
    ...(os ? { os: [os === 'windows' ? 'win32' : os] } : {}),
  };
}

if (import.meta.main) {
  const { text, added } = completeLockfile(await readFile(LOCKFILE, 'utf8'));
  if (added.length > 0) await writeFile(LOCKFILE, text);
  process.stdout.write(added.length > 0 ? `Added ${added.join(', ')}.\n` : 'Nothing was missing.\n');
}
