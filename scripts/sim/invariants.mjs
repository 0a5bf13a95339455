/** What must hold when all is quiet (the protocol, 5.12), by number. Each failure begins with the one it breaks. */
import { claimKeyOf } from '../../core/src/ledger/claim.ts';
import { compareStamps } from './record.mjs';

export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12'];
const KINDS = ['activity', 'planned_workout', 'completion', 'plan', 'question'];

const DAY_MS = 86_400_000;
const FIELDS = ['title', 'notes', 'rpe'];

export async function checkAtRest(world) {
  const hub = world.hub.look(readHub);
  const letters = new Map();
  for (const phone of world.phones) letters.set(phone, await phone.coach.deadLetters());
  for (const phone of world.phones) await checkPhone(world, hub, phone);
  checkSent(world, hub, [...letters.values()].flat());
  checkWrites(world, letters);
  checkWinners(world, hub);
  checkUploads(world, hub);
  checkDone(world, hub);
}

function readHub(all) {
  const objects = new Map();
  for (const row of all('select * from object'))
    objects.set(`${row.athlete_id}/${row.kind}/${row.id}`, { ...row, data: JSON.parse(row.data) });
  return {
    objects,
    aliases: new Map(all('select old_id, object_id from alias').map((row) => [row.old_id, row.object_id])),
    mutations: new Map(
      all('select * from mutation').map((row) => [row.mid, { ...row, result: JSON.parse(row.result) }]),
    ),
    claims: new Map(all('select claim_key, id from claim_key').map((row) => [row.claim_key, row.id])),
  };
}

function resolved({ aliases }, id) {
  let at = id;
  while (aliases.has(at)) at = aliases.get(at);
  return at;
}

/** I4, I6, I9, I10, I11: every phone shows what the hub has, no more and no less. */
async function checkPhone({ fail, clock }, hub, { name, athleteId, coach, window }) {
  const { queued } = await coach.status();
  if (queued > 0) fail(`I10 ${name} still has ${queued} changes to send`);
  const shown = new Map();
  for (const kind of KINDS) {
    for (const object of await coach.objects.list(kind)) shown.set(`${athleteId}/${kind}/${object.id}`, object);
  }
  for (const [id, object] of shown) {
    const row = hub.objects.get(id);
    const others = [...hub.objects.values()].find((each) => each.id === object.id && each.athlete_id !== athleteId);
    if (row === undefined && others !== undefined) fail(`I11 ${name} shows ${id} of ${others.athlete_id}`);
    else if (row === undefined || row.deleted) fail(`I4 ${name} shows ${id}, which the hub has not`);
    else if (!isSame(object.data, row.data))
      fail(`I4 ${name} shows ${id} as ${JSON.stringify(object.data)}, the hub has ${JSON.stringify(row.data)}`);
  }
  const isInside = insideOf(window, clock.now());
  for (const [key, row] of hub.objects) {
    if (row.athlete_id !== athleteId || row.deleted || !KINDS.includes(row.kind)) continue;
    if (isInside(row) && !shown.has(key)) fail(`I9 ${name} does not show ${key} of ${row.day}`);
    if (!isInside(row) && shown.has(key)) fail(`I9 ${name} shows ${key} of ${row.day}, which is outside of its window`);
  }
}

/** Whether a phone's window holds a row: the last days of what was logged, the next days of the plan. */
function insideOf(window, nowMs) {
  if (window === undefined) return () => true;
  const dayIn = (days) => new Date(nowMs + days * DAY_MS).toISOString().slice(0, 10);
  const [fromDay, toDay] = [dayIn(-window.activityDays), dayIn(window.planDays)];
  return ({ kind, day }) =>
    day === null ||
    kind === 'question' ||
    kind === 'plan' ||
    (day >= fromDay && (kind !== 'planned_workout' || day <= toDay));
}

/** I1, I12: what left a phone is known to the hub, or is a letter on a phone. */
function checkSent({ record, fail }, hub, letters) {
  const dead = new Set(letters.map(({ mid }) => mid));
  for (const [mid, mutation] of record.sent) {
    if (hub.mutations.has(mid) || dead.has(mid) || record.decided.has(mid)) continue;
    fail(`I1 the hub does not know ${mutation.op} ${mutation.id} ${JSON.stringify(mutation.set ?? {})} (${mid})`);
  }
}

/** I2: what an athlete was told is saved has left the phone since, or was replaced there by a later write. */
function checkWrites({ record, fail }, letters) {
  const values = new Set(record.left);
  for (const [phone, own] of letters)
    for (const { set } of own)
      for (const [field, value] of Object.entries(set ?? {}))
        values.add(`${phone.athleteId} ${field} ${JSON.stringify(value)}`);
  const { writes } = record;
  for (const [at, { phone, id, set, isTold }] of writes.entries()) {
    if (!isTold) continue;
    const later = writes.slice(at + 1).filter((each) => each.phone === phone && each.id === id);
    if (later.some(({ op }) => op === 'delete')) continue;
    for (const [field, value] of Object.entries(set)) {
      if (later.some((each) => field in each.set)) continue;
      if (!values.has(`${phone.athleteId} ${field} ${JSON.stringify(value)}`))
        fail(`I2 ${phone.name} never sent ${field} of ${id}: ${JSON.stringify(value)}`);
    }
  }
}

/** I7: of all values of a field the one with the largest stamp is shown, in whatever order they came. */
function checkWinners({ record, fail }, hub) {
  const winners = new Map();
  for (const [mid, mutation] of record.sent) {
    const row = hub.mutations.get(mid);
    if (row === undefined || row.result.status === 'rejected' || row.result.status === 'blocked') continue;
    if (mutation.kind !== 'activity') continue;
    const id = resolved(hub, mutation.id);
    const { stamp, isSure } = record.known().get(mid) ?? { stamp: mutation.stamp, isSure: false };
    const changes = { ...mutation.set };
    for (const field of mutation.unset ?? []) changes[field] = null;
    if (mutation.op === 'delete' || mutation.op === 'restore') changes.deleted = mutation.op === 'delete';
    for (const [field, value] of Object.entries(changes)) {
      const key = `${mutation.athleteId} ${id} ${field}`;
      const one = { athleteId: mutation.athleteId, id, field, value, stamp, clientId: row.client_id, isSure };
      const best = winners.get(key);
      const isUnsure =
        best?.isUnsure ||
        (row.result.stampClamped === true && !isSure) ||
        (record.unsure.has(`${mutation.id} ${field}`) && !isSure);
      winners.set(key, { ...(best === undefined || compare(best, one) < 0 ? one : best), isUnsure });
    }
  }
  for (const { athleteId, id, field, value, stamp, isUnsure } of winners.values()) {
    const row = hub.objects.get(`${athleteId}/activity/${id}`);
    if (isUnsure) continue;
    if (row === undefined) fail(`I7 the hub has no ${id}`);
    else if (field === 'deleted' && Boolean(row.deleted) !== value) fail(`I7 ${id} is ${value ? 'not ' : ''}deleted`);
    else if (FIELDS.includes(field) && !row.deleted && !isSame(row.data[field] ?? null, value))
      fail(
        `I7 ${field} of ${id} is ${JSON.stringify(row.data[field])}, the newest is ${JSON.stringify(value)} of ${stamp}`,
      );
  }
}

function compare(a, b) {
  return compareStamps(a.stamp, b.stamp) || (a.clientId < b.clientId ? -1 : a.clientId > b.clientId ? 1 : 0);
}

/** I1 for watches: what was stored is shown. */
function checkUploads({ record, fail }, hub) {
  for (const [externalId, { athleteId, fields }] of record.uploads()) {
    const place = { kind: 'activity', provider: 'watch', connectionId: null, externalId, form: 'file', part: 0 };
    const id = hub.claims.get(claimKeyOf(place));
    const row = id === undefined ? undefined : hub.objects.get(`${athleteId}/activity/${resolved(hub, id)}`);
    if (row === undefined) fail(`I1 the hub has no ${externalId} of the watch`);
    else if (!row.deleted && row.data.distanceM !== fields.distanceM)
      fail(`I1 ${row.id} shows ${row.data.distanceM} m, the watch said ${fields.distanceM}`);
  }
}

/** I8: a workout somebody did something with is shown, whatever the plan became. */
function checkDone({ fail }, hub) {
  for (const { kind, id, athlete_id: athleteId, deleted, data } of hub.objects.values()) {
    if (kind !== 'completion' || deleted) continue;
    const workout = hub.objects.get(`${athleteId}/planned_workout/${data.plannedWorkoutId}`);
    if (workout?.deleted) fail(`I8 the workout ${data.plannedWorkoutId} that ${id} is about is not shown`);
  }
}

/** The order of members means nothing. */
function isSame(a, b) {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
