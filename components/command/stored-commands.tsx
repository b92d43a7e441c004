'use client';

import { useQuery } from '@tanstack/react-query';
import { Cable, History, Workflow } from 'lucide-react';
import { useRouter } from 'next/navigation';

import { api, type Reply } from '#components/api/client.ts';
import { useConnections } from '#components/api/connections.ts';
import { useFlows } from '#components/api/flows.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import type { runListSchema } from '#core/api/runs.ts';

import type { Command } from './command.ts';
import { useSettled } from './use-settled.ts';

const MOST_RUNS = 8;
const SHORTEST_QUERY = 3;

/** The flows, connections and runs of the workspace; runs only those that the server finds for what was typed. */
export function useStoredCommands(query: string): { commands: readonly Command[]; isSearching: boolean } {
  const router = useRouter();
  const { data: flows = [] } = useFlows();
  const { data: connections = [] } = useConnections();
  const runs = useFoundRuns(query);
  const commands = [
    ...flows.map(({ slug, name }): Command => ({
      id: `flow ${slug}`,
      label: name,
      hint: slug,
      group: 'Flows',
      icon: <Workflow aria-hidden />,
      run: () => router.push(`/flows/${slug}`),
    })),
    ...runs.found.map(({ id, flow, status }): Command => ({
      id: `run ${id}`,
      label: `Run of ${flow}, ${status.replace('_', ' ')}`,
      hint: id,
      group: 'Runs',
      // The server found it; what it was found by need not stand in its name.
      words: query,
      icon: <History aria-hidden />,
      run: () => router.push(`/runs/${id}`),
    })),
    ...connections.map(({ slug, connector, name }): Command => ({
      id: `connection ${slug}`,
      label: name,
      hint: `${connector} · ${slug}`,
      group: 'Connections',
      icon: <Cable aria-hidden />,
      run: () => router.push(`/connections?edit=${encodeURIComponent(slug)}`),
    })),
  ];
  return { commands, isSearching: runs.isSearching };
}

function useFoundRuns(query: string) {
  const settled = useSettled(query.trim());
  const isWanted = settled.length >= SHORTEST_QUERY;
  const { data, isFetching } = useQuery({
    queryKey: [...queryKeys.runs, 'palette', settled],
    queryFn: ({ signal }) =>
      api.get<Reply<typeof runListSchema>>('/runs', { query: { q: settled, limit: MOST_RUNS }, signal }),
    enabled: isWanted,
    staleTime: 5_000,
  });
  return { found: isWanted ? (data?.data ?? []) : [], isSearching: isFetching };
}
