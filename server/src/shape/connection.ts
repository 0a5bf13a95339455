import type { ConnectionView } from '@coach-hub/core';
import { z } from 'zod';

export const ConnectionShape: z.ZodType<ConnectionView> = z.object({
  connectionId: z.string(),
  provider: z.string(),
  displayName: z.string(),
  state: z.enum(['pending', 'connected', 'revoked', 'disconnected']),
  reason: z.string().nullable().describe('Why it is not connected, as an error code.'),
  permissions: z.array(z.string()),
  streams: z.record(z.string(), z.enum(['granted', 'missing', 'paused', 'unsupported'])),
  connectedAt: z.iso.datetime().nullable(),
});
