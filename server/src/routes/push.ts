import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJsonText } from '../reply/json.ts';
import { SyncHeaders } from '../shape/sync-headers.ts';
import { PushShape } from '../shape/sync-request.ts';
import { PushAnswerShape } from '../shape/sync-response.ts';
import { speakProtocol } from './speak-protocol.ts';
import { MAX_SYNC_BODY_BYTES } from './sync-body-limit.ts';
import { syncCaller } from './sync-caller.ts';

/** `POST /v1/sync/push` takes the push part of a sync by itself, for adapters of other sync libraries. */
export const push = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'push',
    method: 'post',
    path: '/v1/sync/push',
    summary: 'Push the client’s changes',
    access: 'athlete',
    guard: speakProtocol,
    headers: SyncHeaders,
    body: PushShape,
    maxBodyBytes: MAX_SYNC_BODY_BYTES,
    answers: { 200: { description: 'What became of each mutation.', schema: PushAnswerShape } },
    problems: ['client_athlete_mismatch', 'seq_gap', 'client_forked', 'epoch_mismatch', 'upgrade_required'],
    async handle(c, { caller, headers, body }) {
      return replyJsonText(c, await hub.sync.push(syncCaller(caller.athleteId, headers), body));
    },
  });
