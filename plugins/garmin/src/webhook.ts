/**
 * Notifications: how a sender is judged and answered.
 *
 * Vendor facts (garmin.md §2.1): nothing is signed. The portal drops query strings, so the secret is in the path. The
 * header `garmin-client-id` names our app but is absent from test traffic. Only 200 within 30 s counts; anything else
 * is repeated for seven days. Details can be larger than 100 MB.
 */
import {
  type PluginConfig,
  sameSecret,
  type Verification,
  type WebhookAdapter,
  type WebhookRequest,
} from '@coach-hub/core';
import { split } from './split.ts';

const CLIENT_ID_HEADER = 'garmin-client-id';
const MAX_BYTES = 128 * 1024 * 1024;
const DEADLINE_S = 30;

export const webhook: WebhookAdapter = {
  maxBytes: MAX_BYTES,
  secret: 'path',
  keepHeaders: [],
  verify,
  answer: { status: 200 },
  deadlineS: DEADLINE_S,
  split,
};

/** The header is no proof, only a second thing to know besides the path. Present and wrong, it is never accepted. */
function verify({ method, headers }: WebhookRequest, config: PluginConfig): Verification {
  if (method !== 'POST') return 'invalid';
  const clientId = headers.get(CLIENT_ID_HEADER);
  if (clientId === null) return config.clientIdHeader === 'required' ? 'invalid' : 'unverifiable';
  if (typeof config.clientId !== 'string' || config.clientId === '') return 'invalid';
  return sameSecret(clientId, config.clientId) ? 'valid' : 'invalid';
}
