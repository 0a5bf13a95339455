/** The job behind a notice: fetch what the provider named, store the bytes as a delivery, read them after. */
import { HubError } from '../error/hub-error.ts';
import { INBOX_OWNER } from '../store/blob-store.ts';
import type { Job, JobHandler, JobPostponed } from '../store/job-queue.ts';
import { postponement } from './connect-end-job.ts';
import { type FetchPayload, noticeBinding } from './fetch-job.ts';
import type { HubParts } from './hub-parts.ts';
import { fetchLetter, refusedFetch } from './refused-fetch.ts';
import { putBytes } from './stored-bytes.ts';
import type { TokenService } from './token-service.ts';

export type FetchParts = Pick<HubParts, 'store' | 'blobs' | 'plugins' | 'egress' | 'vault' | 'clock' | 'log'> & {
  tokens: TokenService;
  /** Called when a delivery was stored. */
  wake: () => void;
};

/** Largest answer of one fetch, bytes. */
const MAX_FETCH_BYTES = 128 * 1024 * 1024;
/** Pause where the provider or another process is busy and does not say for how long, ms. */
const BUSY_WAIT_MS = 30_000;

async function bury(parts: FetchParts, payload: FetchPayload, code: string, detail: string): Promise<void> {
  await parts.store.storeDeadLetter(fetchLetter(payload, code, detail, parts.clock.now()));
}

/** An address that was refused only now: its name led elsewhere, or whoever it named sent on. */
async function refusedAddress(parts: FetchParts, payload: FetchPayload, error: HubError): Promise<void> {
  const { letter, audit } = refusedFetch(payload, error, parts.clock.now());
  await Promise.all([parts.store.storeDeadLetter(letter), parts.store.audit(audit)]);
}

/** Answers no further try can change, each with what is told the operator. */
function finalAnswer(status: number, singleUse: boolean): { code: string; detail: string } | null {
  if (status === 410) {
    const detail = singleUse
      ? 'The single-use address was used already. Ask the provider to send it again, or backfill its time.'
      : 'The provider answered that it is gone.';
    return { code: 'gone', detail };
  }
  if (status === 412 || status === 403) {
    return {
      code: 'permission_missing',
      detail: `The provider answered ${status}: the athlete has not granted this. Ask them to enable it there.`,
    };
  }
  if (status >= 400 && status < 500 && status !== 401 && status !== 408) {
    return { code: 'provider_rejected', detail: `The provider answered ${status}. Replay it if that was its mistake.` };
  }
  return null;
}

function tryAgain(status: number): HubError {
  return new HubError('provider_unavailable', {
    what: 'What a notice names could not be fetched.',
    why: `The provider answered ${status}.`,
    fix: 'The hub tries again by itself.',
  });
}

/** Fetches once, with a fresh token when the first is not taken. */
async function fetchWithToken(parts: FetchParts, payload: FetchPayload, url: string, signal: AbortSignal) {
  const { plugin, connectionId, generation } = payload;
  const allowedHosts = parts.egress.hostsOf(plugin);
  const attempt = async (refused: string | undefined) => {
    const value = await parts.tokens.accessToken(connectionId, generation, { signal, refused });
    // A single-use address must not be spent by a silent second try.
    const retries = payload.singleUse ? 0 : 2;
    const request = { token: { plugin, value }, maxBytes: MAX_FETCH_BYTES, retries, subject: connectionId, signal };
    return { value, response: await parts.egress.fetchUrl(url, { allowedHosts, ...request }) };
  };
  const first = await attempt(undefined);
  return first.response.status === 401 ? (await attempt(first.value)).response : first.response;
}

/** A spent budget is no failure: the job comes back when there is room, or when whoever is at work is done. */
function waitFor(parts: FetchParts, error: unknown): JobPostponed | null {
  const wait = postponement(error);
  if (wait !== null) return wait;
  const isBusy = error instanceof HubError && (error.code === 'rate_limited' || error.code === 'busy');
  return isBusy ? { postponeUntilMs: parts.clock.now() + BUSY_WAIT_MS } : null;
}

/** What an attempt without an answer comes to: a letter, or the error, for the queue to try again. */
async function failed(parts: FetchParts, payload: FetchPayload, job: Job, error: unknown): Promise<void> {
  const known = error instanceof HubError ? error : null;
  if (known?.code === 'egress_refused') return refusedAddress(parts, payload, known);
  if (known !== null && known.retry !== 'later') return bury(parts, payload, known.code, known.message);
  if (job.attempts < job.maxAttempts) throw error;
  const why = known === null ? 'The fetch failed inside the hub.' : `${known.what} ${known.why}`;
  const tries = `It was tried ${job.attempts} times and is not tried again by itself. Replay it once the cause is gone.`;
  return bury(parts, payload, known?.code ?? 'internal', `${why} ${tries}`);
}

async function fetchAndStore(
  parts: FetchParts,
  payload: FetchPayload,
  signal: AbortSignal,
): Promise<JobPostponed | undefined> {
  const url = parts.vault.open(payload.sealedUrl, noticeBinding(payload.connectionId, payload.noticeSha256));
  const response = await fetchWithToken(parts, payload, url, signal);
  if (response.status === 429) {
    return { postponeUntilMs: parts.clock.now() + (response.retryAfterMs ?? BUSY_WAIT_MS) };
  }
  const final = finalAnswer(response.status, payload.singleUse);
  if (final !== null) {
    await bury(parts, payload, final.code, final.detail);
    return undefined;
  }
  if (response.status < 200 || response.status > 299) throw tryAgain(response.status);
  await parts.store.storeDelivery({
    plugin: payload.plugin,
    route: 'fetch',
    headers: {},
    ...(await putBytes(parts.blobs, INBOX_OWNER, response.body)),
    bytes: response.body.length,
    receivedAtMs: parts.clock.now(),
    context: {
      athleteId: payload.athleteId,
      connectionId: payload.connectionId,
      generation: payload.generation,
      ref: { ...payload.ref, stream: payload.stream },
    },
  });
  parts.wake();
  return undefined;
}

export function fetchNoticeHandler(parts: FetchParts): JobHandler {
  return async (job: Job, signal) => {
    const payload = job.payload as unknown as FetchPayload;
    const row = await parts.store.connection(payload.connectionId);
    // Disconnected or reconnected since: nothing of the old authorisation lands any more.
    if (row === null || row.generation !== payload.generation || row.state !== 'connected') return undefined;
    try {
      return await fetchAndStore(parts, payload, signal);
    } catch (error) {
      signal.throwIfAborted();
      const wait = waitFor(parts, error);
      if (wait !== null) return wait;
      await failed(parts, payload, job, error);
      return undefined;
    }
  };
}
