/** What every store owes to those who look after the keys: all sealed text is found and can be replaced. */
import assert from 'node:assert/strict';
import { SEAL_PLACES, type SealPlace } from '../../store/seal-store.ts';
import type { SyncStore } from '../../store/sync-store.ts';
import type { Law } from '../law.ts';
import { ATHLETE, connection } from './samples.ts';
import { type Bench, lawIn, type NewPlace } from './store-place.ts';

export function sealLaws(newPlace: NewPlace): Law[] {
  const law = (name: string, body: (bench: Bench) => Promise<void>) => lawIn(newPlace, `seal: ${name}`, body);

  return [
    law('every row that holds sealed text is found, in pages, and none twice', async (bench) => {
      await fill(bench);
      const shown: { [place in SealPlace]?: unknown[] } = {};
      for (const place of SEAL_PLACES) {
        const first = await bench.store.sealedRows(place, null, 2);
        const second = await bench.store.sealedRows(place, first.at(-1)?.id ?? null, 2);
        const rest = await bench.store.sealedRows(place, second.at(-1)?.id ?? null, 2);
        assert.deepEqual([first.length, rest.length], [2, 0]);
        shown[place] = [...first, ...second].map(({ athleteId, task, text }) => [athleteId, task, text]);
      }
      assert.deepEqual(shown, {
        connection: ['one', 'two', 'three'].map((text) => [ATHLETE, null, text]),
        attempt: ['one', 'two', 'three'].map((text) => [null, null, text]),
        job: ['one', 'two', 'three'].map((text) => [null, 'end', `{"sealedTokens":"${text}"}`]),
        dead_letter: ['one', 'two', 'three'].map((text) => [null, null, `{"payload":{"sealedUrl":"${text}"}}`]),
      });
    }),

    law('a text is replaced only while it is what was read', async (bench) => {
      await fill(bench);
      const { store } = bench;
      for (const place of SEAL_PLACES) {
        const [row] = await store.sealedRows(place, null, 1);
        assert.ok(row);
        const next = row.text.replace('one', 'next');
        assert.equal(await store.replaceSealed({ ...row, text: `${row.text} ` }, next), false);
        assert.equal(await store.replaceSealed({ ...row, id: '999999' }, next), false);
        assert.equal(await store.replaceSealed(row, next), true);
        assert.equal(await store.replaceSealed(row, next), false);
        const texts = (await store.sealedRows(place, null, 9)).map(({ text }) => text);
        assert.deepEqual(texts, [next, row.text.replace('one', 'two'), row.text.replace('one', 'three')]);
      }
    }),
  ];
}

/** Three of each, and some of each without sealed text. */
async function fill({ store, queue }: { store: SyncStore; queue: Bench['queue'] }): Promise<void> {
  await store.saveConnection(connection({ connectionId: 'con_0', sealedTokens: null }), null);
  await queue.enqueue([{ task: 'other', payload: { plain: 'text' } }]);
  for (const [place, text] of ['one', 'two', 'three'].entries()) {
    await store.saveConnection(connection({ connectionId: `con_${place + 1}`, sealedTokens: text }), null);
    await store.saveAttempt({
      stateSha256: `state_${place}`,
      athleteId: ATHLETE,
      clientId: null,
      plugin: 'stride',
      connectionId: 'con_1',
      sealedVerifier: text,
      redirectUri: 'https://hub.example/callback',
      returnUrl: null,
      expiresAtMs: 100,
    });
    await queue.enqueue([{ task: 'end', payload: { sealedTokens: text } }]);
    await storeLetter(store, { payload: { sealedUrl: text } });
    await storeLetter(store, { headers: {} });
  }
}

async function storeLetter(store: SyncStore, replay: { [key: string]: unknown }): Promise<void> {
  await store.storeDeadLetter({
    plugin: 'stride',
    stage: 'fetch',
    code: 'gone',
    detail: 'gone',
    athleteId: ATHLETE,
    connectionId: 'con_1',
    body: null,
    blobSha256: null,
    envelopeId: null,
    replay,
    atMs: 1,
  });
}
