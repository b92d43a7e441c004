'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';

import { api, type Reply } from '#components/api/client.ts';
import { Spinner } from '#components/ui/spinner.tsx';
import { Time } from '#components/ui/time.tsx';
import type { fieldsReplySchema } from '#core/api/fields.ts';
import { readFieldPath } from '#core/pills/field-path.ts';
import { type PillPath, writePath } from '#core/pills/pill-path.ts';

export interface GoneSinceProps {
  readonly slug: string;
  readonly path: PillPath;
  /** Where paths of base `item` begin. */
  readonly list?: PillPath;
}

/** Since when a field is not in the data of the flow's runs, and the last run that had it. */
export function GoneSince({ slug, path, list }: GoneSinceProps) {
  const source = sourceOf(path, list);
  const { data, isLoading } = useQuery({
    queryKey: ['flows', slug, 'fields', source],
    enabled: source !== undefined,
    queryFn: ({ signal }) =>
      api.post<Reply<typeof fieldsReplySchema>>(`/flows/${slug}/fields`, { paths: [source] }, { signal }),
  });
  const history = data?.data[0];
  if (isLoading) return <Spinner className="size-3.5" />;
  if (!history || data.runs === 0) return null;
  const { lastSeen, missingSince } = history;
  return (
    <p className="text-xs text-muted-foreground">
      {missingSince === null && 'The newest run with such data has it.'}
      {missingSince !== null &&
        lastSeen === null &&
        (data.runs === 1
          ? 'The only run so far does not have it.'
          : `None of the last ${data.runs} runs has it.`)}
      {missingSince !== null && lastSeen !== null && (
        <>
          Not in the data since the run of <RunLink moment={missingSince} />; the one of{' '}
          <RunLink moment={lastSeen} /> had it.
        </>
      )}
    </p>
  );
}

function RunLink({ moment }: { moment: { readonly at: string; readonly runId: string } }) {
  return (
    <Link href={`/runs/${moment.runId}`} className="text-accent-text hover:underline">
      <Time at={moment.at} exact />
    </Link>
  );
}

/** As the API asks for it: from the context, not from the item of a list or a variable. */
function sourceOf(path: PillPath, list: PillPath | undefined): string | undefined {
  const base = path.base === 'item' ? list?.parts : [];
  const source = base && writePath({ base: 'context', parts: [...base, ...path.parts] });
  return source !== undefined && readFieldPath(source) ? source : undefined;
}
