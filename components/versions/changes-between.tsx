'use client';

import { messageOf } from '#components/api/api-problem.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';

import { ChangeList } from './change-list.tsx';
import { useCompared, type VersionRef } from './use-compared.ts';

export interface ChangesBetweenProps {
  readonly before: VersionRef;
  readonly after: VersionRef;
  /** How many changes are told. */
  readonly most: number;
}

/** What changed from one version to another, in words. */
export function ChangesBetween({ before, after, most }: ChangesBetweenProps) {
  const { data, error } = useCompared(before, after);
  if (error) return <p className="text-sm text-danger">{messageOf(error)}</p>;
  if (!data) return <Skeleton className="h-5 w-2/3" />;
  if (data.isSame) return <p className="text-sm">Nothing that a run would notice changed.</p>;
  return <ChangeList changes={data.changes} most={most} />;
}
