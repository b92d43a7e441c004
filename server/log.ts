import { pino } from 'pino';

import { redactKeys } from '#server/redact-keys.ts';

/**
 * The process's log: one JSON object a line on stdout, at `LOG_LEVEL`. Values under secret-sounding names are hidden at
 * any depth. Parts of the product take a child: `log.child({ part: 'ingress' })`; an error goes under `err`.
 */
export const log = pino({
  level: process.env.LOG_LEVEL || 'info',
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    level: (label) => ({ level: label }),
    log: (fields) => redactKeys(fields) as Record<string, unknown>,
    bindings: (fields) => redactKeys(fields) as Record<string, unknown>,
  },
});
