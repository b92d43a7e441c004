import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The processes that a process started and that still run, with their command lines. */
export async function childrenOf(
  pid: number,
): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,stat=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === pid && !match[3]?.startsWith('Z'))
    .map((match) => ({ pid: Number(match?.[1]), command: match?.[4] ?? '' }));
}

/** True while a process runs; false for one that ended and was not yet collected. */
export async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
