import type { ConnectorDef } from '#connectors/contract.ts';
import { aggregate } from './aggregate.ts';
import { buildCsv, parseCsv } from './csv.ts';
import { batches, dedupe, limit, sort } from './lists.ts';
import { buildXml, parseXml } from './xml.ts';

/** Lists and file formats: what is tedious or slow as an expression. */
export const dataConnector: ConnectorDef = {
  id: 'data',
  label: 'Data',
  summary: 'Work on lists; read and write CSV and XML.',
  icon: 'table',
  category: 'data',
  operations: [sort, dedupe, aggregate, batches, limit, parseCsv, buildCsv, parseXml, buildXml],
};
