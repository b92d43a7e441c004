const inProgress = new Set<Promise<unknown>>();

/** Notes work that shutdown must wait for, and gives it back. */
export async function trackInProgress<T>(work: Promise<T>): Promise<T> {
  inProgress.add(work);
  try {
    return await work;
  } finally {
    inProgress.delete(work);
  }
}

/** Resolves once nothing is in progress, what began meanwhile included. */
export async function whenNothingInProgress(): Promise<void> {
  while (inProgress.size > 0) await Promise.allSettled(inProgress);
}
