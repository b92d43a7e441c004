import { z } from 'zod';

import { exactTimeSchema } from '#server/db/page-cursor.ts';

/** A place in a list of runs: the time to the microsecond, and the run's id where times are equal. */
export const runPlaceSchema = z.strictObject({ createdAt: exactTimeSchema, id: z.uuid() });
