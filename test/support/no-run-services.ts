import type { RunServices } from '#connectors/contract.ts';

const refuse = () => Promise.reject(new Error('This test gave the step no services.'));

/** For steps that ask nothing of their run. */
export const NO_RUN_SERVICES: RunServices = {
  callFlow: refuse,
  ask: refuse,
  expire: refuse,
  runCode: refuse,
};
