import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The path of a Chromium: `PATCHBAY_CHROMIUM`, one in the PATH, one that Playwright installed, else Debian's, installed
 * now when this is root on a machine with apt. Throws with the remedy when there is none.
 */
export async function ensureChromium(say: (line: string) => void): Promise<string> {
  const found = findChromium() ?? (await playwrightsOwn());
  if (found) return found;
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) {
    throw new Error(
      'The browser tests need a Chromium: install chromium, or set PATCHBAY_CHROMIUM to its path.',
    );
  }
  say('Installing Chromium …');
  const options = { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, options);
    if (status !== 0) throw new Error(`apt-get ${args[0]} failed: ${stderr.trim()}`);
  }
  const installed = findChromium();
  if (!installed) throw new Error('apt-get installed chromium, but it is not in the PATH.');
  return installed;
}

function findChromium(): string | undefined {
  const named = process.env.PATCHBAY_CHROMIUM;
  if (named) {
    if (!existsSync(named)) throw new Error(`PATCHBAY_CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  return NAMES.map(findProgram).find((path) => path !== undefined);
}

function findProgram(name: string): string | undefined {
  try {
    return execFileSync('/bin/sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

async function playwrightsOwn(): Promise<string | undefined> {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}
