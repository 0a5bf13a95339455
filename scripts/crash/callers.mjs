/** Who talks to a hub over HTTP: the vendor's sender, and an athlete's phone. Each says honestly what was answered. */
import { createHash } from 'node:crypto';

const TIMEOUT_MS = 30_000;
const EVERYTHING = { activityDays: 36_500 };
const HEADERS = {
  'content-type': 'application/json;charset=UTF-8',
  'user-agent': 'Garmin Health API',
};

/** @returns true when the answer was 200 and came whole. Anything else counts as no answer. */
export async function deliver(webhook, body) {
  try {
    const answer = await fetch(webhook, {
      method: 'POST',
      headers: HEADERS,
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    if (answer.status !== 200 && answer.status !== 503) throw new Error(`A delivery was answered ${answer.status}.`);
    return answer.status === 200;
  } catch (error) {
    if (isNoAnswer(error)) return false;
    throw error;
  }
}

/**
 * A phone that pushes one change at a time and pulls what is new, and that notices when the hub forgets something it
 * has shown.
 */
export function createPhone({ url, token, athlete }) {
  const clientId = `phone-${createHash('sha256').update(athlete).digest('hex').slice(0, 12)}`;
  let cursor = null;
  let lastSeq = 0;
  const shown = new Map();

  async function sync(push) {
    const pull = { cursor, limit: 500, window: EVERYTHING };
    try {
      const answer = await fetch(`${url}/v1/sync`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'sync-protocol': '1',
          'sync-client': clientId,
          'sync-schema': '1',
        },
        body: JSON.stringify({ sentAt: new Date().toISOString(), ...(push && { push }), pull }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await answer.text();
      if (answer.status === 503) return null;
      if (answer.status !== 200) throw new Error(`A sync was answered ${answer.status}: ${text.slice(0, 500)}`);
      return JSON.parse(text);
    } catch (error) {
      if (isNoAnswer(error)) return null;
      throw error;
    }
  }

  function see({ pull }) {
    if (!pull) return;
    cursor = pull.cursor ?? cursor;
    for (const change of pull.changes ?? []) {
      const { kind, id, op, rev, data } = change;
      if (op === 'put' && kind === 'activity' && typeof data.sport !== 'string') {
        throw new Error(`A phone was shown half an object: ${JSON.stringify(change).slice(0, 500)}`);
      }
      shown.set(`${kind}/${id}`, rev);
    }
  }

  let turn = Promise.resolve();

  return {
    /** Does something once what was begun before is done. */
    inTurn(work) {
      const done = turn.then(work);
      turn = done.catch(() => undefined);
      return done;
    },
    /** Numbers a change, once; it keeps its number for every try. */
    numbered: (mutation) => ({ seq: ++lastSeq, ...mutation }),
    /** @returns the result of the change, null without an answer. */
    async push(mutation) {
      const answer = await sync({ epoch: null, batch: [mutation] });
      if (answer === null) return null;
      see(answer);
      const result = answer.push?.results?.[0];
      if (!result || result.status === 'rejected' || result.status === 'blocked') {
        throw new Error(`A change was not taken: ${JSON.stringify(answer).slice(0, 800)}`);
      }
      return result;
    },
    async pull() {
      const answer = await sync(null);
      if (answer !== null) see(answer);
      return answer !== null;
    },
    /** The largest rev it was shown of each object. */
    shown,
  };
}

function isNoAnswer(error) {
  return error instanceof TypeError || error.name === 'TimeoutError' || error.name === 'SyntaxError';
}
