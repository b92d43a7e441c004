'use client';

import { useQuery } from '@tanstack/react-query';

import { readVersionDocument, useFlowVersions } from '#components/canvas/flow-calls.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import type { VersionChoice } from './version-field.tsx';

/** The document of the version that would run; that of the original while another one loads. */
export function useVersionDocument(
  flow: string,
  version: VersionChoice,
  original: FlowDocument,
): FlowDocument {
  const versions = useFlowVersions(flow, version === 'latest');
  const number =
    version === 'latest' ? (versions.data ?? []).find(({ published }) => published)?.version : version;
  const other = useQuery({
    queryKey: [...queryKeys.flow(flow), 'version', number],
    enabled: typeof number === 'number',
    staleTime: Infinity,
    queryFn: () => readVersionDocument(flow, Number(number)),
  });
  return version === 'original' ? original : (other.data ?? original);
}
