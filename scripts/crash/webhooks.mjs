/**
 * The server, killed under webhook load.
 *
 * What was acknowledged is told to a second hub that nobody disturbs, in the order of the answers; both must hold the
 * same. Then everything is sent to the first again, and no rev may move.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createPhone, deliver } from './callers.mjs';
import { makeHub } from './hub.mjs';
import { playUnderKills } from './play.mjs';
import { checkServing } from './serving.mjs';
import { checkBytes, contentsOf, differencesOf, drained, revsOf, withData } from './stored-data.mjs';
import { createStory } from './story.mjs';
import { startVendor } from './vendor.mjs';

const ATHLETES = ['ann', 'ben', 'cleo', 'dan', 'eve', 'finn'];
/** Of so many kills, one lands near somebody who ends the authorisation. */
const KILLS_A_LEAVER = 4;
const DRAIN_MS = 120_000;
const SENDERS = 8;
/** Before the hub has ever been up, and within the time that takes. They are not counted. */
const FIRST_KILLS = 2;
const LONGEST_START_MS = 900;

export async function crashUnderWebhooks({ folder, databases, random, kills, say }) {
  const world = await startVendor({ random, nowMs: Date.now() });
  try {
    return await run({ folder, databases, random, kills, say, world });
  } finally {
    await world.close();
  }
}

async function run({ folder, databases, random, kills, say, world }) {
  const { vendor, tape } = world;
  const accountOf = async (name) => ({ name, userId: String((await world.act('account', {})).userId) });
  const athletes = [];
  for (const name of ATHLETES) athletes.push(await accountOf(name));
  const leavers = [];
  for (let nth = 0; nth < kills; nth += KILLS_A_LEAVER) leavers.push(await accountOf(`leaver-${nth}`));
  const everybody = [...athletes, ...leavers];

  say('first start');
  const killed = await makeHub({ folder, databases, vendor, origin: tape.url, name: 'killed' });
  await killAtFirstStart(killed, random);
  const startedMs = performance.now();
  await killed.start();
  killed.startMs = Math.ceil(performance.now() - startedMs);
  const phones = await connect(killed, world, everybody);
  await killed.stop();

  const story = createStory({ random, vendor: world, athletes, leavers });
  const account = await playUnderKills({ hub: killed, story, phones, random, kills, say });
  say(`${account.log.length} acknowledged, ${account.unanswered} tries without an answer; draining`);
  await drained(killed.data, DRAIN_MS);
  const askedAgain = await askForLostFiles(killed, world, account);
  const told = [...account.log, ...(await storedThoughUnanswered(killed.data, account.doubtful))];

  // Before anything is sent again: that would mend what was lost.
  const contents = await contentsOf(killed.data);
  const problems = [...(await forgotten(killed.data, phones)), ...(await deadJobs(killed.data))];
  problems.push(...(await checkServing(killed, everybody)));
  say('sending everything again');
  const before = await revsOf(killed.data);
  await sendAll(killed, phones, told, SENDERS);
  await drained(killed.data, DRAIN_MS);
  const revsMoved = movedSince(before, await revsOf(killed.data));
  await killed.stop();
  // Bytes of split deliveries go when the hub starts.
  await killed.start();
  await drained(killed.data, DRAIN_MS);
  await killed.stop();
  const bytes = await checkBytes(killed.data);
  problems.push(...bytes.problems);

  say('an undisturbed hub is told the same');
  tape.replay();
  const calm = await makeHub({ folder, databases, vendor, origin: tape.url, name: 'undisturbed' });
  await calm.start();
  const calmPhones = await connect(calm, world, everybody);
  await sendAll(calm, calmPhones, told, 1);
  await drained(calm.data, DRAIN_MS);
  await calm.stop();
  const differences = differencesOf(contents, await contentsOf(calm.data));

  return {
    kills: account.killed.start + account.killed.load + account.killed.drain,
    killed: account.killed,
    deliveriesAcknowledged: account.log.filter(({ type }) => type === 'delivery').length,
    pushesAcknowledged: account.log.filter(({ type }) => type === 'mutation').length,
    unanswered: account.unanswered,
    givenUp: account.doubtful.length,
    givenUpButStored: told.length - account.log.length,
    filesAskedAgain: askedAgain,
    objects: (await withData(killed.data, (all) => all('SELECT count(*) AS n FROM object')))[0].n,
    bytesNamed: bytes.named,
    orphans: bytes.orphans,
    revsMoved,
    differences: differences.map(({ only, line }) => `only in the ${only} hub: ${line.slice(0, 2_000)}`),
    problems,
  };
}

/** Keys, folder and tables are made by the first start that gets so far. */
async function killAtFirstStart(hub, random) {
  for (let nth = 0; nth < FIRST_KILLS; nth++) {
    const starting = hub.start();
    await pause(random.between(100, LONGEST_START_MS));
    await hub.kill();
    await starting;
  }
}

/** Connects every athlete as the app does, and gives each a phone. */
async function connect(hub, world, athletes) {
  const phones = new Map();
  for (const { name, userId } of athletes) {
    const token = await hub.tokenOf(name);
    const started = await fetch(`${hub.url}/v1/connections`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ provider: 'garmin' }),
    });
    const { authorizeUrl } = await started.json();
    const { callbackStatus, callbackBody } = await world.act('consent', { url: authorizeUrl, userId });
    if (callbackStatus >= 400) throw new Error(`${name} was not connected: ${callbackBody}`);
    phones.set(name, createPhone({ url: hub.url, token, athlete: name }));
  }
  return phones;
}

/** Sends events, in their order with one sender. */
async function sendAll(hub, phones, events, senders) {
  const left = events.values();
  const sender = async () => {
    for (const event of left) {
      const isAnswered = await (event.type === 'delivery'
        ? deliver(hub.webhook, event.body)
        : phones.get(event.athlete).inTurn(() => pushAgain(phones.get(event.athlete), event)));
      if (!isAnswered) throw new Error('A hub that nobody killed did not answer.');
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
}

async function pushAgain(phone, { numbered }) {
  return (await phone.push(numbered)) !== null;
}

/**
 * The vendor gives a file once. A kill between the download and its storage loses it, the hub says so in a dead letter,
 * and the vendor is asked to announce it again.
 */
async function askForLostFiles(hub, world, account) {
  const known = new Set();
  for (let asked = 0; ; ) {
    const all = await withData(hub.data, (all) =>
      all("SELECT id, code, replay FROM dead_letter WHERE stage = 'fetch'"),
    );
    const letters = all.filter(({ id }) => !known.has(id));
    if (letters.length === 0) return asked;
    for (const { id, code, replay } of letters) {
      known.add(id);
      if (code !== 'gone') throw new Error(`A fetch ended with "${code}".`);
      const { activityId } = JSON.parse(replay).payload.ref;
      const { bodies } = await world.act('redeliver', { activityId, deliver: ['file'] });
      for (const body of bodies) {
        if (!(await deliver(hub.webhook, body))) throw new Error('A hub that nobody killed did not answer.');
        account.log.push({ type: 'delivery', body });
      }
      asked += 1;
    }
    await pause(50);
    await drained(hub.data, DRAIN_MS);
  }
}

/** A delivery whose answer was cut off may be stored; then it counts. */
async function storedThoughUnanswered(data, doubtful) {
  const rows = await withData(data, (all) => all('SELECT external_id FROM envelope'));
  const stored = new Set(rows.map((row) => row.external_id));
  return doubtful.filter(({ activityId }) => stored.has(activityId)).map(({ event }) => event);
}

/** What a phone was shown and the hub does not know any more, or only in an older state. */
async function forgotten(data, phones) {
  const { objects } = await revsOf(data);
  return [...phones.values()].flatMap(({ shown }) =>
    [...shown]
      .filter(([key, rev]) => !((objects.get(key) ?? -1) >= rev))
      .map(([key, rev]) => `a phone was shown ${key} at rev ${rev}, the hub has ${objects.get(key) ?? 'nothing'}`),
  );
}

async function deadJobs(data) {
  const jobs = await withData(data, (all) => all("SELECT task, attempts, last_error FROM job WHERE state = 'dead'"));
  return jobs.map((job) => `a job is dead: ${JSON.stringify(job)}`);
}

function movedSince(before, after) {
  const moved = [...after.objects].filter(([key, rev]) => before.objects.get(key) !== rev).length;
  const counters = Object.entries(after.athletes).filter(([id, rev]) => before.athletes[id] !== rev).length;
  return moved + counters;
}
