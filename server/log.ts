import { pino, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';

import { redactKeys } from '#server/redact-keys.ts';

const options: LoggerOptions = {
  level: process.env.LOG_LEVEL || 'info',
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    level: (label) => ({ level: label }),
    log: (fields) => redactKeys(fields) as Record<string, unknown>,
    bindings: (fields) => redactKeys(fields) as Record<string, unknown>,
  },
};

/**
 * The process's log: one JSON object a line on stdout, at `LOG_LEVEL`; readable lines in a terminal. Values under
 * secret-sounding names are hidden at
 * any depth. Parts of the product take a child: `log.child({ part: 'ingress' })`; an error goes under `err`.
 */
export const log = process.stdout.isTTY
  ? pino(options, pretty({ ignore: 'pid', sync: true }))
  : pino(options);
