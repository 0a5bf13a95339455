import { z } from 'zod';

export const CLIENT_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** What every sync request says of its sender. The protocol has been checked by then: see `speakProtocol`. */
export const SyncHeaders = z.object({
  'sync-protocol': z.string().describe('1'),
  'sync-client': z.string().regex(CLIENT_ID).describe('Id of this installation of the app.'),
  'sync-schema': z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .optional()
    .describe('Object schema the client knows.'),
});
export type SyncHeaders = z.output<typeof SyncHeaders>;
