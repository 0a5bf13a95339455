/** What the hub takes from outside at most. `docs/operations/limits.md` shows these beside all other limits. */
import { z } from 'zod';

const MIB = 1024 ** 2;

export const Limits = z
  .object({
    /** Body of a request to the app's interface, also after decompression, bytes. Syncs have 64 KiB more than a full push. */
    bodyBytes: z.number().int().min(1_024).default(MIB),
    /** Body of a webhook, bytes, where its adapter does not ask for less. */
    webhookBytes: z
      .number()
      .int()
      .min(1_024)
      .default(128 * MIB),
    /** Webhooks of over 1 MiB, or of a size not told, that are received at once. */
    largeWebhooks: z.number().int().min(1).default(16),
    /** Deliveries and envelopes that wait to be read; with more, webhooks are told to come again later. */
    inboxLength: z.number().int().min(1).default(20_000),
    /** Requests per second one client address may send in the long run; 0: any number. */
    requestsPerS: z.number().min(0).default(100),
    /** Requests one client address may send at once after a pause. */
    requestBurst: z.number().int().min(1).default(1_000),
    /** Time a client has to send its headers, ms. */
    headersTimeoutMs: z.number().int().min(100).default(10_000),
    /** Time a client has to send a whole request, ms. */
    requestTimeoutMs: z.number().int().min(100).default(120_000),
  })
  .strict();
export type Limits = z.infer<typeof Limits>;

/** What holds where nobody has set anything. */
export const DEFAULT_LIMITS: Limits = Limits.parse({});
