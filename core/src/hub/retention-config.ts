/** How long what came in and what was done is kept, in days. Null: for as long as the hub lives. */
import { z } from 'zod';

const Days = z.number().int().min(1).max(36_500);

export const Retention = z
  .object({
    /** Bytes of envelopes that were read. A provider's own terms can only shorten it. Reading them anew needs them. */
    envelopeDays: Days.nullable().default(null),
    /** The same for one stream, `{ "stride.dailies": 365 }`, in place of `envelopeDays`. */
    streamDays: z.record(z.string().regex(/^[^.]+\..+$/, 'expected PLUGIN.STREAM'), Days.nullable()).default({}),
    /** Dead letters that were replayed. */
    replayedLetterDays: Days.nullable().default(30),
    /** Dead letters nobody has replayed, with their bytes: they are lost then. */
    deadLetterDays: Days.nullable().default(null),
    /** Marks that keep the same notice from being fetched twice. */
    noticeDays: Days.nullable().default(90),
    /** Jobs that were given up. Done ones leave no trace. */
    deadJobDays: Days.nullable().default(90),
    /** Stored answers to mutations. The newest thousand of each client stay in any case. */
    mutationDays: Days.nullable().default(90),
    /** Bodies of mutations that were rejected. */
    deadMutationDays: Days.nullable().default(90),
    /** Consents that were begun and not finished, after their end. */
    attemptDays: Days.nullable().default(1),
    /** Minutes between two looks of a running hub; null: it prunes nothing by itself. */
    everyMinutes: z.number().int().min(1).max(10_080).nullable().default(60),
  })
  .strict();
export type Retention = z.infer<typeof Retention>;
