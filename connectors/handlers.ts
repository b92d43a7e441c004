import type { ActionHandler } from './contract.ts';
import { coreHandlers } from './core/handlers.ts';
import { dataHandlers } from './data/handlers.ts';
import type { HandlerDef } from './handle-action.ts';
import { httpHandlers } from './http/handlers.ts';
import { mysqlHandlers } from './mysql/handlers.ts';
import { postgresHandlers } from './postgres/handlers.ts';
import { smtpHandlers } from './smtp/handlers.ts';

/** Every handler. For the server alone: the browser knows definitions only. */
export const HANDLERS: readonly HandlerDef[] = [
  ...coreHandlers,
  ...dataHandlers,
  ...httpHandlers,
  ...smtpHandlers,
  ...postgresHandlers,
  ...mysqlHandlers,
];

const byKey = new Map(HANDLERS.map(({ key, handle }) => [key, handle]));

/** The handler of an action; undefined for triggers and unknown types. */
export function findHandler(type: string, version: number): ActionHandler | undefined {
  return byKey.get(`${type}@${version}`);
}
