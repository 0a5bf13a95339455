import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJsonText } from '../reply/json.ts';
import { SyncHeaders } from '../shape/sync-headers.ts';
import { SyncShape } from '../shape/sync-request.ts';
import { SyncAnswerShape } from '../shape/sync-response.ts';
import { speakProtocol } from './speak-protocol.ts';
import { MAX_SYNC_BODY_BYTES } from './sync-body-limit.ts';
import { syncCaller } from './sync-caller.ts';

/** `POST /v1/sync` pushes and pulls in one round trip, and answers both parts. */
export const sync = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'sync',
    method: 'post',
    path: '/v1/sync',
    summary: 'Push the client’s changes and pull what is new, in one round trip',
    access: 'athlete',
    guard: speakProtocol,
    headers: SyncHeaders,
    body: SyncShape,
    maxBodyBytes: MAX_SYNC_BODY_BYTES,
    answers: { 200: { description: 'Results of the push and changes of the pull.', schema: SyncAnswerShape } },
    problems: ['client_athlete_mismatch', 'seq_gap', 'client_forked', 'epoch_mismatch', 'upgrade_required'],
    async handle(c, { caller, headers, body }) {
      return replyJsonText(c, await hub.sync.sync(syncCaller(caller.athleteId, headers), body));
    },
  });
