/**
 * One simulation: athletes, their phones, a hub and a bad network, all drawn by a seed. What happens to whom is decided
 * here, one step at a time; after each step everything comes to rest, so a seed always tells the same story.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../crash/seeded.mjs';
import { createHubProcess, makeFolder, makeTemplate } from './hub.mjs';
import { checkAtRest } from './invariants.mjs';
import { createNetwork } from './network.mjs';
import { createPhone } from './phone.mjs';
import { frozenBy, pastOf } from './plans.mjs';
import { isSeldom, SORTS, sortOfSeed, statementsSeen } from './power.mjs';
import { createRecord } from './record.mjs';

const START_MS = Date.parse('2026-03-01T08:00:00.000Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MOST_PHONES = 5;
const LONGEST_CUT = 60;
/** Syncs after which a phone with a good network has nothing left to send or read. */
const MOST_SYNCS = 40;

export { INVARIANTS } from './invariants.mjs';
export { statementsSeen };

let templates = 0;

/** @returns what runs seeds in `folder`. */
export async function openSimulator(folder) {
  const template = join(folder, `template-${templates++}`);
  makeFolder(template);
  await makeTemplate(template);
  return (seed) => runSeed(seed, join(folder, `seed-${seed}`), template);
}

/** @returns `{ seed, failures, history }`: what was found, and what happened up to then. */
async function runSeed(seed, folder, template) {
  makeFolder(folder);
  const world = await createWorld(seed, folder, template);
  try {
    for (let left = world.random.between(30, 90); left > 0 && world.failures.length === 0; left--) await step(world);
    if (world.failures.length === 0) await comeToRest(world);
  } catch (error) {
    world.failures.push(`The simulation stopped: ${error?.stack ?? error}`);
  } finally {
    await closeAll(world);
    rmSync(folder, { recursive: true, force: true });
  }
  return { seed, failures: world.failures, history: world.history };
}

async function createWorld(seed, folder, template) {
  const random = withIds(seeded(seed));
  let nowMs = START_MS;
  const clock = { now: () => nowMs };
  const athletes = random.chance(0.3) ? ['ann', 'bob'] : ['ann'];
  const cut = cutOfSeed(seed, random);
  const hub = await createHubProcess({ folder, template, clock, random, athletes, cut });
  const world = {
    seed,
    folder,
    random,
    clock,
    athletes,
    hub,
    phones: [],
    ranOnPhones: new Set(),
    backup: null,
    failures: [],
    history: [],
    record: createRecord(),
    writes: 0,
    uploads: [],
    pageLimit: random.pick([null, 2, 4]),
    advance(ms) {
      nowMs += ms;
    },
    tell: (line) => void world.history.push(`${new Date(nowMs).toISOString()}  ${line}`),
    fail: (line) => void world.failures.push(line),
  };
  world.network = createNetwork({ serve: (message) => serve(world, message) });
  for (let count = random.between(1, 3); count > 0; count--) newPhone(world);
  for (const phone of world.phones) phone.power().cutLater(cutOfSeed(seed, random));
  return world;
}

/** Chance with ids. */
function withIds(random) {
  const hex = (digits) => Array.from({ length: digits }, () => random.between(0, 15).toString(16)).join('');
  return {
    ...random,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    bytes: (count) => Uint8Array.from({ length: count }, () => random.between(0, 255)),
  };
}

function addPhone(world, athleteId, { cloneOf = null, cut = null } = {}) {
  const { folder, clock, random, network, phones, ranOnPhones: ran } = world;
  const name = `phone-${phones.length + 1}`;
  const fetch = network.fetchOf(name);
  const window = random.chance(0.4) ? { activityDays: random.pick([3, 30]), planDays: random.pick([1, 3]) } : undefined;
  const phone = createPhone({ name, athleteId, folder, clock, random, cloneOf, ran, cut, window, fetch });
  phones.push(phone);
  world.tell(`${name} of ${athleteId} ${cloneOf ? 'is restored from a copy of another' : 'is new'}`);
  return phone;
}

/** What reaches the hub. What it answers is noted where it was still alive to answer: then it is committed. */
async function serve(world, message) {
  const before = world.hub.look((all) => revsOf(all));
  shorten(world, message);
  const answer = await world.hub.serve(message);
  world.tell(`  ${summary(message, answer)}`);
  if (answer !== null) {
    const problems = world.record.answered({ message, answer, nowMs: world.clock.now() });
    for (const problem of problems) world.fail(problem);
    if (problems.length === 0 && world.record.isRepetition(answer)) {
      const after = world.hub.look((all) => revsOf(all));
      if (after !== before) world.fail(`I3 a request of ${message.phone} that was known already moved a rev`);
    }
  } else world.record.unanswered(message);
  return answer;
}

/** Phones ask for 500 objects, which nobody here has: smaller pages, so that there are some. */
function shorten({ pageLimit }, { init }) {
  const { pull, ...rest } = JSON.parse(init.body);
  if (pageLimit !== null) init.body = JSON.stringify({ ...rest, pull: { ...pull, limit: pageLimit } });
}

/** A request and its answer in one line. */
function summary({ init }, answer) {
  const { push, pull } = JSON.parse(init.body);
  const said = (push?.batch ?? []).map(({ seq, op, id, mid }) => `${seq} ${op} ${id.slice(0, 8)} ${mid.slice(0, 4)}`);
  const asked = `${init.headers['Sync-Client'].slice(0, 4)}: ${push?.epoch ?? '-'} [${said.join(', ')}] ${pull.cursor ?? '-'}`;
  if (answer === null) return `${asked} → nothing`;
  const { code, ackSeq, expected, push: pushed, pull: page } = JSON.parse(answer.text);
  if (answer.status !== 200) return `${asked} → ${answer.status} ${code} ${ackSeq ?? expected ?? ''}`;
  const results = (pushed?.results ?? []).map(
    ({ seq, status, code: why }) => `${seq} ${status}${why ? ` ${why}` : ''}`,
  );
  const changes = (page.changes ?? []).map(({ op, id }) => `${op} ${id.slice(0, 8)}`);
  return `${asked} → ${pushed?.ackSeq ?? '-'} [${results.join(', ')}] ${page.mode} ${page.reason ?? ''} ${page.cursor ?? ''} [${changes.join(', ')}]`;
}

const revsOf = (all) => JSON.stringify(all('select athlete_id, rev from athlete order by athlete_id'));

/** Lets what was begun run on until all of it waits for the network or is done. */
async function quiet() {
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
}

const STEPS = [
  [30, write],
  [16, beginSync],
  [40, moveMessage],
  [8, upload],
  [6, replan],
  [5, doWorkout],
  [3, moveWorkout],
  [6, passTime],
  [5, cutPhone],
  [5, cutHub],
  [2, setClock],
  [2, takeBackup],
  [3, restoreBackup],
  [4, clone],
  [2, newPhone],
  [8, readLetters],
];
const WEIGHTS = STEPS.reduce((sum, [weight]) => sum + weight, 0);

async function step(world) {
  let at = world.random.between(1, WEIGHTS);
  const [, act] = STEPS.find(([weight]) => {
    at -= weight;
    return at <= 0;
  });
  world.advance(world.random.between(0, 20_000));
  await act(world, world.random.pick(world.phones));
  await quiet();
  await raise(world);
}

/** Starts again what died in this step. */
async function raise(world) {
  for (const phone of world.phones) {
    if (!phone.power().isDead()) continue;
    world.tell(`${phone.name} died ${phone.power().wasCutAt()}`);
    world.network.hangUp(phone.name);
    await phone.restart(cutAtStart(world));
    await phone.coach.status().catch(() => undefined);
    if (phone.power().isDead()) await phone.restart(null);
    phone.power().keepOn();
    for (const line of await world.record.afterRestart(phone)) world.fail(line);
    if (world.random.chance(0.8)) phone.power().cutLater(cutOfSeed(world.seed, world.random));
  }
  if (world.hub.power().isDead()) {
    world.tell(`the hub died ${world.hub.power().wasCutAt()}`);
    await world.hub.restart(cutAtStart(world));
  }
}

/** Some die again before they are quite up. */
function cutAtStart({ random, seed }) {
  if (random.chance(0.4)) return cutOfSeed(seed, random);
  return random.chance(0.2) ? { isAfter: random.chance(0.5), inStatements: random.between(0, 12) } : null;
}

/** Athletes write what nobody else writes, so that who won can be told. */
async function write(world, phone) {
  const { random } = world;
  const objects = await seen(phone);
  const number = ++world.writes;
  const isNew = objects.length === 0 || random.chance(0.35);
  const object = isNew ? null : random.pick(objects);
  const fields = {};
  for (const field of ['title', 'notes']) if (random.chance(0.6)) fields[field] = `${field} ${number}`;
  // Now and then more than the scale has: the hub refuses it.
  if (random.chance(0.5)) fields.rpe = random.chance(0.12) ? 99 : random.between(1, 10);
  if (Object.keys(fields).length === 0) fields.notes = `notes ${number}`;
  const op = isNew ? 'put' : random.chance(0.12) ? 'delete' : random.chance(0.08) ? 'restore' : 'patch';
  const day = new Date(START_MS - random.between(0, 60) * DAY_MS).toISOString().slice(0, 10);
  // Now and then of an object that is not there (any more).
  const isLost = object !== null && random.chance(0.04);
  const id = isLost || object === null ? `act_${random.uuid().replaceAll('-', '')}` : object.id;
  const set = op === 'put' ? { sport: 'run', day, ...fields } : fields;
  await save(world, phone, { kind: 'activity', id, op, set });
}

/** One write of an athlete, and what has to hold of it at once. */
async function save({ record, tell, fail }, phone, one) {
  const { kind, id, op, set } = one;
  const begun = record.begins(phone, one);
  try {
    const { objects: api } = phone.coach;
    if (op === 'put' || op === 'patch') await api[op](kind, id, set);
    else await api[op](kind, id);
  } catch (error) {
    tell(`${phone.name} does not get to ${op} ${id}: ${error.message}`);
    if (!phone.power().isDead()) record.refused(begun, error, fail);
    return;
  }
  record.told(begun);
  tell(`${phone.name} ${op} ${kind} ${id} ${JSON.stringify(op === 'delete' || op === 'restore' ? {} : set)}`);
  try {
    for (const line of await record.readsItsOwn(phone, begun)) fail(line);
  } catch (error) {
    if (!phone.power().isDead()) throw error;
  }
}

const dayAt = (ms) => new Date(ms).toISOString().slice(0, 10);

/** An engine makes the plan anew, now and then from a version that is not the newest, or reaching for the past. */
async function replan(world) {
  const { random, hub, clock, tell, fail } = world;
  const athleteId = random.pick(world.athletes);
  const today = dayAt(clock.now());
  const plan = hub.look((all) => all("select data from object where kind = 'plan' and athlete_id = ?", athleteId));
  const version = plan.length === 0 ? 0 : JSON.parse(plan[0].data).version;
  const workouts = Array.from({ length: random.between(2, 5) }, () => ({
    day: dayAt(clock.now() + random.between(-2, 5) * DAY_MS),
    sport: 'run',
    title: random.pick(['easy', 'tempo', 'long']),
  }));
  const readVersion = random.chance(0.15) ? version + 1 : version;
  const effectiveFrom = dayAt(clock.now() - random.between(0, 3) * DAY_MS);
  const before = hub.look((all) => pastOf(all, athleteId));
  const outcome = await hub.replan({ athleteId, today, readVersion, workouts, effectiveFrom });
  tell(
    `the plan of ${athleteId} is made anew: ${outcome?.outcome ?? 'nothing came of it'} ${outcome?.effectiveFrom ?? ''}`,
  );
  const after = hub.look((all) => pastOf(all, athleteId));
  for (const line of frozenBy(before, after, today)) fail(line);
}

async function shownWorkouts(phone) {
  try {
    return await phone.coach.objects.list('planned_workout');
  } catch {
    return [];
  }
}

/** Done, begun or skipped, whatever the plan became meanwhile. */
async function doWorkout(world, phone) {
  const { random } = world;
  const workouts = await shownWorkouts(phone);
  if (workouts.length === 0) return;
  const set = { plannedWorkoutId: random.pick(workouts).id, outcome: random.pick(['started', 'done', 'skipped']) };
  const id = `done_${random.uuid().replaceAll('-', '')}`;
  await save(world, phone, { kind: 'completion', id, op: 'put', set });
}

async function moveWorkout(world, phone) {
  const { random, clock } = world;
  const workouts = await shownWorkouts(phone);
  if (workouts.length === 0) return;
  const movedToDay = dayAt(clock.now() + random.between(0, 5) * DAY_MS);
  await save(world, phone, { kind: 'planned_workout', id: random.pick(workouts).id, op: 'patch', set: { movedToDay } });
}

/** The athlete looks at what was refused, and lets one go or tries it again. */
async function readLetters({ random, record, tell }, phone) {
  try {
    const letters = await phone.coach.deadLetters();
    if (letters.length === 0) return;
    const letter = random.pick(letters);
    const { mid } = letter;
    const act = random.pick(['retry', 'discard']);
    tell(`${phone.name} will ${act} ${mid}`);
    record.decided.add(mid);
    const begun = act === 'retry' ? record.begins(phone, letter) : null;
    await phone.coach[act](mid);
    if (begun !== null) record.told(begun);
  } catch (error) {
    if (!phone.power().isDead() && error.code !== 'not_found') throw error;
  }
}

async function seen(phone) {
  try {
    return await phone.coach.objects.list('activity');
  } catch {
    return [];
  }
}

function beginSync(world, phone) {
  if (phone.syncing) return;
  world.tell(`${phone.name} begins to sync`);
  const { coach } = phone;
  const sync = coach.sync().then(
    (report) => world.tell(`${phone.name} has synced: ${report.state}`),
    (error) => {
      if (!phone.power().isDead()) world.fail(`I10 a sync of ${phone.name} was rejected: ${error.stack}`);
    },
  );
  phone.syncing = sync;
  void sync.then(() => {
    if (phone.syncing === sync) phone.syncing = null;
  });
}

async function moveMessage({ random, network, record, tell }) {
  if (network.waiting.length === 0) return;
  const message = random.pick(network.waiting);
  const fate = random.next();
  if (fate < 0.15) {
    tell(`the network loses the ${message.is} of ${message.phone}`);
    message.lose();
  } else if (fate < 0.25 && message.sendTwice) {
    tell(`the network brings the request of ${message.phone}, and will once more`);
    await message.sendTwice();
  } else {
    tell(`the network brings the ${message.is} of ${message.phone}`);
    if (message.is === 'answer') record.heard(message.phone);
    await message.send();
  }
}

/** A watch's record of a run: a new one, one of a run that was logged by hand, or another version of an older one. */
async function upload(world) {
  const { random, hub, uploads, record } = world;
  const athleteId = random.pick(world.athletes);
  const own = uploads.filter((each) => each.athleteId === athleteId);
  const again = own.length > 0 && random.chance(0.3) ? random.pick(own) : null;
  const startedAt = freeStart(world, athleteId, own);
  const one = again ?? { athleteId, externalId: `run-${uploads.length + 1}`, startedAt, version: 0 };
  one.version += 1;
  const fields = { sport: 'run', startedAt: one.startedAt, elapsedS: 3_000, timerS: 3_000 };
  fields.distanceM = 10_000 + one.version;
  if (again === null) uploads.push(one);
  const isStored = await hub.upload({ ...one, fields });
  world.tell(
    `the watch of ${athleteId} uploads ${one.externalId}, version ${one.version}${isStored ? '' : ', in vain'}`,
  );
  if (isStored) record.uploaded(one, fields);
}

/** A start that no other upload of the athlete is near: two records of one run show one of them, whichever ranks higher. */
function freeStart({ random, record }, athleteId, own) {
  const logs = record.writes.filter(({ phone, set }) => phone.athleteId === athleteId && set.sport === 'run');
  for (;;) {
    // Often the run of a day that was logged by hand: the two become one.
    const day = logs.length > 0 && random.chance(0.7) ? random.pick(logs).set.day : null;
    const dayMs = day === null ? START_MS - random.between(0, 60) * DAY_MS : Date.parse(`${day}T08:00:00.000Z`);
    const startedMs = dayMs + random.between(0, 10) * HOUR_MS + random.between(0, 59) * MINUTE_MS;
    if (!own.some((each) => Math.abs(Date.parse(each.startedAt) - startedMs) < 2 * HOUR_MS))
      return new Date(startedMs).toISOString();
  }
}

function passTime({ random, advance, tell }) {
  const ms = random.pick([MINUTE_MS, 11 * MINUTE_MS, HOUR_MS, DAY_MS]);
  advance(ms);
  tell(`${ms / MINUTE_MS} minutes pass`);
}

function cutPhone({ random, tell }, phone) {
  const cut = drawCut(random);
  tell(`${phone.name} will die ${textOf(cut)}`);
  phone.power().cutLater(cut);
}

function cutHub({ random, hub, tell }) {
  const cut = drawCut(random);
  tell(`the hub will die ${textOf(cut)}`);
  hub.power().cutLater(cut);
}

function drawCut(random) {
  const isAfter = random.chance(0.5);
  const how = random.next();
  if (how < 0.35) return { isAfter, inStatements: random.between(0, LONGEST_CUT) };
  if (how < 0.6) return { isAfter, inNewStatements: random.between(0, 2) };
  return { isAfter, inSort: random.between(0, 2), sort: random.between(0, SORTS - 1) };
}

function textOf({ inStatements, inNewStatements, inSort, sort }) {
  if (inSort !== undefined) return `in ${inSort} statements of sort ${sort}`;
  return inStatements === undefined ? `in ${inNewStatements} new statements` : `in ${inStatements} statements`;
}

/** The sort of statements that a seed's processes die at, and on which side: each sort comes again with other seeds. */
function cutOfSeed(seed, random) {
  const { sort, prefersAfter } = sortOfSeed(seed);
  const inSort = isSeldom(sort) || random.chance(0.5) ? 0 : random.between(0, 12);
  return { sort, isAfter: random.chance(0.8) === prefersAfter, inSort };
}

function setClock({ random, tell }, phone) {
  phone.clockErrorMs = random.pick([0, -DAY_MS, DAY_MS, -40_000, 200_000]);
  tell(`the clock of ${phone.name} is ${phone.clockErrorMs / 1_000} s off`);
}

async function takeBackup(world) {
  const { hub, record, random, seed, tell } = world;
  if (random.chance(0.5)) hub.power().cutLater(cutOfSeed(seed, random));
  const folder = await hub.backUp();
  if (folder === null) {
    tell('the hub dies over its backup');
    return;
  }
  world.backup = { folder, record: record.copyOfHub(), uploads: world.uploads.map((each) => ({ ...each })) };
  tell('the hub is backed up');
}

async function restoreBackup(world) {
  const { backup, hub, record, tell } = world;
  if (backup === null) return;
  await hub.restore(backup.folder);
  record.backTo(backup.record);
  tell('the hub is restored from its backup');
}

function clone(world, phone) {
  if (world.phones.length >= MOST_PHONES) return;
  addPhone(world, phone.athleteId, { cloneOf: phone.file, cut: cutAtStart(world) });
}

function newPhone(world) {
  const { random, phones, athletes } = world;
  if (phones.length >= MOST_PHONES) return;
  const phone = addPhone(world, random.pick(athletes), { cut: cutAtStart(world) });
  if (random.chance(0.2)) cutPhone(world, phone);
}

/** The network is good and nobody dies: whatever is under way ends, all is sent and read. */
async function comeToRest(world) {
  world.tell('from now on all is well');
  const { hub, phones, network } = world;
  hub.power().keepOn();
  for (const phone of phones) phone.power().keepOn();
  // Watches send again what the hub has forgotten, as vendors do when they are asked for their history.
  for (const one of world.uploads) {
    const fields = {
      sport: 'run',
      startedAt: one.startedAt,
      elapsedS: 3_000,
      timerS: 3_000,
      distanceM: 10_000 + one.version,
    };
    await hub.upload({ ...one, fields });
    world.record.uploaded(one, fields);
  }
  for (let round = 0; round < MOST_SYNCS; round++) {
    for (const phone of phones) beginSync(world, phone);
    while (network.waiting.length > 0 || phones.some(({ syncing }) => syncing)) {
      await quiet();
      await network.waiting[0]?.send();
    }
    world.advance(1_000);
    if (round >= 2 && (await queued(phones)) === 0) break;
  }
  const observer = addPhone(world, 'ann');
  const others = world.athletes.slice(1).map((athleteId) => addPhone(world, athleteId));
  for (const phone of [observer, ...others]) {
    beginSync(world, phone);
    while (phone.syncing) {
      await quiet();
      await network.waiting[0]?.send();
    }
  }
  await checkAtRest(world);
}

async function queued(phones) {
  let sum = 0;
  for (const { coach } of phones) sum += (await coach.status()).queued;
  return sum;
}

async function closeAll({ hub, phones }) {
  for (const phone of phones) await phone.close();
  await hub.close();
}
