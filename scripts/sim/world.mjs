/** The world of a simulation: hub, phones, and the network between them, whose every message is looked at. */
import { seeded } from '../crash/seeded.mjs';
import { cutAtStart, cutOfSeed, cutPhone } from './cuts.mjs';
import { createHubProcess } from './hub.mjs';
import { createNetwork } from './network.mjs';
import { createPhone } from './phone.mjs';
import { createRecord } from './record.mjs';
import { START_MS } from './times.mjs';

const MOST_PHONES = 5;

export async function createWorld(seed, folder, template) {
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

export function addPhone(world, athleteId, { cloneOf = null, cut = null } = {}) {
  const { folder, clock, random, network, phones, ranOnPhones: ran } = world;
  const name = `phone-${phones.length + 1}`;
  const fetch = network.fetchOf(name);
  const window = random.chance(0.4) ? { activityDays: random.pick([3, 30]), planDays: random.pick([1, 3]) } : undefined;
  const phone = createPhone({ name, athleteId, folder, clock, random, cloneOf, ran, cut, window, fetch });
  phones.push(phone);
  world.tell(`${name} of ${athleteId} ${cloneOf ? 'is restored from a copy of another' : 'is new'}`);
  return phone;
}

export function newPhone(world) {
  const { random, phones, athletes } = world;
  if (phones.length >= MOST_PHONES) return;
  const phone = addPhone(world, random.pick(athletes), { cut: cutAtStart(world) });
  if (random.chance(0.2)) cutPhone(world, phone);
}

export function clone(world, phone) {
  if (world.phones.length >= MOST_PHONES) return;
  addPhone(world, phone.athleteId, { cloneOf: phone.file, cut: cutAtStart(world) });
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
export async function quiet() {
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
}

export function beginSync(world, phone) {
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
