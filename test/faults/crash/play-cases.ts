import { openStage } from '#test/faults/stage.ts';
import { CONNECTORS_OF_TESTS } from '#test/support/oauth/connectors-argument.ts';

import { SCENES, type CrashCase } from './cases.ts';
import { playCase, type CaseReport } from './play-case.ts';
import type { Scene } from './scene.ts';

/** Plays cases side by side on so many stages, each so many times. Reports in the order in which they end. */
export async function playCases(
  cases: readonly CrashCase[],
  options: {
    readonly times: number;
    readonly stages: number;
    readonly onReport?: (report: CaseReport) => void;
  },
): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  const queues = [
    // Only these need a web process that goes on.
    { needsWeb: true, left: cases.filter(needsWebProcess) },
    { needsWeb: false, left: cases.filter((test) => !needsWebProcess(test)) },
  ];
  const share = Math.max(1, Math.round((options.stages * queues[0]!.left.length) / cases.length));
  const playOn = async ({ needsWeb, left }: (typeof queues)[number]) => {
    if (left.length === 0) return;
    const stage = await openStage();
    try {
      const worker = await stage.startWorker({ LOG_LEVEL: 'warn' }, CONNECTORS_OF_TESTS);
      const web = needsWeb ? await stage.startWeb({ LOG_LEVEL: 'warn' }) : undefined;
      for (let test = left.shift(); test; test = left.shift()) {
        const report = await playCase(stage, { worker, web }, { test, times: options.times });
        reports.push(report);
        options.onReport?.(report);
      }
    } finally {
      await stage.close();
    }
  };
  await Promise.all(
    Array.from({ length: options.stages }, (_, index) => playOn(queues[index < share ? 0 : 1]!)),
  );
  return reports;
}

function needsWebProcess({ scene: name }: CrashCase): boolean {
  const scene: Scene = SCENES[name];
  return scene.process === 'web' || scene.needsWeb === true;
}
