import { HubError } from '@coach-hub/core';
import { PROTOCOL_VERSION } from '@coach-hub/core/wire';
import type { Context } from 'hono';
import type { HubEnv } from '../hub-env.ts';

/** Refuses clients of another protocol before anything of their request is read: its shape may be another as well. */
export function speakProtocol(c: Context<HubEnv>): void {
  const spoken = c.req.header('sync-protocol');
  if (spoken === String(PROTOCOL_VERSION)) return;
  if (spoken === undefined) {
    throw new HubError('bad_request', {
      what: 'The request does not say which protocol it speaks.',
      why: 'The header Sync-Protocol is missing.',
      fix: `Send "Sync-Protocol: ${PROTOCOL_VERSION}".`,
    });
  }
  throw new HubError('upgrade_required', {
    what: 'The client speaks another version of the sync protocol.',
    why: `This hub speaks version ${PROTOCOL_VERSION}.`,
    fix: 'Update the app. What it has not sent yet is kept.',
    details: { protocol: PROTOCOL_VERSION },
  });
}
