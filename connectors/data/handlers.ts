import { type HandlerDef, handleAction } from '#connectors/handle-action.ts';
import type { Json } from '#core/json.ts';
import { aggregateInput } from './aggregate.ts';
import { aggregateItems } from './aggregate-items.ts';
import { buildCsvInput, parseCsvInput } from './csv.ts';
import { cutBatches, dedupeItems, limitItems } from './list-operations.ts';
import { batchesInput, dedupeInput, limitInput, sortInput } from './lists.ts';
import { readCsv } from './read-csv.ts';
import { readXml } from './read-xml.ts';
import { sortItems } from './sort-items.ts';
import { writeCsv } from './write-csv.ts';
import { writeXml } from './write-xml.ts';
import { buildXmlInput, parseXmlInput } from './xml.ts';

export const dataHandlers: readonly HandlerDef[] = [
  handleAction('data.sort@1', sortInput, ({ items, keys }) => ({
    output: sortItems(items as readonly Json[], keys),
  })),
  handleAction('data.dedupe@1', dedupeInput, ({ items, ...how }) => ({
    output: dedupeItems(items as readonly Json[], how),
  })),
  handleAction('data.aggregate@1', aggregateInput, (settings) => ({ output: aggregateItems(settings) })),
  handleAction('data.batches@1', batchesInput, ({ items, size }) => ({
    output: cutBatches(items as readonly Json[], size),
  })),
  handleAction('data.limit@1', limitInput, ({ items, ...how }) => ({
    output: limitItems(items as readonly Json[], how),
  })),
  handleAction('data.parse_csv@1', parseCsvInput, (settings) => ({ output: readCsv(settings) })),
  handleAction('data.build_csv@1', buildCsvInput, (settings) => ({ output: writeCsv(settings) })),
  handleAction('data.parse_xml@1', parseXmlInput, (settings) => ({ output: readXml(settings) })),
  handleAction('data.build_xml@1', buildXmlInput, (settings) => ({ output: writeXml(settings) })),
];
