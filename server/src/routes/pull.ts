import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { replyJsonText } from '../reply/json.ts';
import { SyncHeaders } from '../shape/sync-headers.ts';
import { PullShape } from '../shape/sync-request.ts';
import { PullAnswerShape } from '../shape/sync-response.ts';
import { speakProtocol } from './speak-protocol.ts';
import { MAX_SYNC_BODY_BYTES } from './sync-body-limit.ts';
import { syncCaller } from './sync-caller.ts';

/** `POST /v1/sync/pull` takes the pull part of a sync by itself. */
export const pull = ({ hub }: Pick<Deps, 'hub'>) =>
  endpoint({
    id: 'pull',
    method: 'post',
    path: '/v1/sync/pull',
    summary: 'Pull what is new since a cursor',
    access: 'athlete',
    guard: speakProtocol,
    headers: SyncHeaders,
    body: PullShape,
    maxBodyBytes: MAX_SYNC_BODY_BYTES,
    answers: { 200: { description: 'A page of changes.', schema: PullAnswerShape } },
    problems: ['client_athlete_mismatch', 'upgrade_required'],
    async handle(c, { caller, headers, body }) {
      return replyJsonText(c, await hub.sync.pull(syncCaller(caller.athleteId, headers), body));
    },
  });
