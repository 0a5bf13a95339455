/**
 * A process that writes as fast as it can and says on stdout what was acknowledged, until somebody kills it.
 * Run by kill.test.ts, built into one file. Arguments: data folder or address of a database, run number.
 */
import { silentLog } from '@coach-hub/core';
import { plugin } from './index.ts';

const [url, run] = process.argv.slice(2) as [string, string];

const { store, queue } = await plugin.open({ url, now: Date.now, random: Math.random, log: silentLog });
await store.migrate();
await store.ensureAthlete('ath_1');

/** One write, whole: what was acknowledged goes to the parent before the next write of this loop begins. */
function acknowledge(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}

async function deliver(loop: string): Promise<void> {
  for (let count = 0; ; count++) {
    const ref = `${run}-${loop}-${count}`;
    const body = new TextEncoder().encode(ref);
    const id = await store.storeDelivery({
      plugin: 'stride',
      route: 'webhook',
      headers: {},
      body,
      blobSha256: null,
      bytes: body.length,
      receivedAtMs: 0,
      context: null,
    });
    await acknowledge(`delivery ${id} ${ref}`);
  }
}

async function change(loop: string): Promise<void> {
  for (let count = 0; ; count++) {
    const id = `act_${run}_${loop}_${count % 20}`;
    const rev = await store.withAthleteChange('ath_1', { ids: [{ kind: 'activity', id }] }, (loaded) => {
      const rev = loaded.athlete.rev + 1;
      const createdRev = loaded.objects.get(`activity/${id}`)?.createdRev ?? rev;
      const state = {
        claims: {},
        layers: {},
        anchors: {},
        context: { counted: true, partOf: null, splitGroup: null, day: null },
      };
      const data = JSON.stringify({ count });
      const object = {
        kind: 'activity' as const,
        id,
        rev,
        createdRev,
        day: null,
        startedAtMs: null,
        deleted: false,
        data,
        alt: null,
        state,
      };
      const jobs = [{ task: 'after', payload: rev, key: `${run}-${loop}-${count}` }];
      return { do: 'write', write: { rev, objects: [object], aliases: [], jobs }, result: rev };
    });
    await acknowledge(`change ${rev} ${id} ${count}`);
  }
}

async function takeJobs(): Promise<void> {
  queue.start({
    after: async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return undefined;
    },
  });
}

await takeJobs();
await Promise.all([deliver('a'), deliver('b'), deliver('c'), change('x'), change('y')]);
