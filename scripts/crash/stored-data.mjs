/** What a hub has stored, in a data folder or in a PostgreSQL database, read beside the hub or after its end. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';

const INBOX_OWNER = '~inbox';
const LOOK_EVERY_MS = 50;

/**
 * @param data folder, or address of a database.
 * @param read is given `all(sql, ...values)`, which resolves with rows. Values stand where the SQL says $1, $2.
 */
export async function withData(data, read) {
  return isDatabase(data) ? withPostgres(data, read) : withFolder(data, read);
}

async function withFolder(data, read) {
  const db = new Database(join(data, 'coach.db'), { readonly: true, timeout: 10_000 });
  try {
    return await read(async (sql, ...values) => db.prepare(sql.replaceAll(/\$\d/g, '?')).all(...values));
  } finally {
    db.close();
  }
}

const WHOLE_NUMBERS = new Set([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);
const types = {
  getTypeParser: (oid, format) => (WHOLE_NUMBERS.has(oid) ? Number : pg.types.getTypeParser(oid, format)),
};

async function withPostgres(url, read) {
  const client = new pg.Client({ connectionString: url, types });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    return await read(async (sql, ...values) => (await client.query(sql, values)).rows);
  } finally {
    await client.end();
  }
}

function isDatabase(data) {
  return data.startsWith('postgres:');
}

/** Waits until everything taken in is worked off: no delivery, no unread envelope, no job. */
export async function drained(data, withinMs) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const [left] = await withData(data, (all) =>
      all(`SELECT (SELECT count(*) FROM delivery) AS deliveries,
                  (SELECT count(*) FROM envelope WHERE state = 'new') AS envelopes,
                  (SELECT count(*) FROM job WHERE state <> 'dead') AS jobs`),
    );
    if (Object.values(left).every((count) => count === 0)) return;
    if (performance.now() > deadline) {
      const jobs = await withData(data, (all) =>
        all("SELECT task, state, attempts, last_error, run_at_ms FROM job WHERE state <> 'dead' LIMIT 5"),
      );
      throw new Error(`The hub did not come to rest: ${JSON.stringify({ ...left, first: jobs })}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Rev of every object and of every athlete's counter. */
export async function revsOf(data) {
  return withData(data, async (all) => ({
    athletes: Object.fromEntries(
      (await all('SELECT athlete_id, rev FROM athlete')).map((row) => [row.athlete_id, row.rev]),
    ),
    objects: new Map(
      (await all('SELECT kind, id, rev FROM object UNION ALL SELECT kind, old_id, rev FROM alias')).map((row) => [
        `${row.kind}/${row.id}`,
        row.rev,
      ]),
    ),
  }));
}

/**
 * Everything known of every athlete, one line an object, without what may differ between two hubs that were told the
 * same: ids, revs, places in the order of receipt. Athletes go by the name their token has.
 */
export async function contentsOf(data) {
  return withData(data, async (all) => {
    const hidden = new Map();
    for (const { connection_id } of await all('SELECT connection_id FROM connection'))
      hidden.set(connection_id, 'CONNECTION');
    for (const { id } of await all('SELECT id FROM object UNION SELECT old_id FROM alias')) hidden.set(id, 'ID');
    const names = new Map(
      (await all('SELECT subject, athlete_id FROM subject')).map((row) => [row.athlete_id, row.subject]),
    );
    const nameOf = (athleteId) => names.get(athleteId) ?? athleteId;
    const objects = (await all('SELECT * FROM object JOIN object_state USING (oid)')).map((row) => {
      const { athlete_id, kind, day, started_at_ms, deleted } = row;
      const content = { data: JSON.parse(row.data), alt: JSON.parse(row.alt ?? 'null'), state: JSON.parse(row.state) };
      return `${JSON.stringify([nameOf(athlete_id), kind, day, started_at_ms, deleted])} ${plain(content, hidden)}`;
    });
    const aliases = await all('SELECT athlete_id, kind, count(*) AS n FROM alias GROUP BY 1, 2');
    const settled = await all('SELECT athlete_id, client_id, ack_seq FROM client');
    const zones = await all('SELECT athlete_id, time_zone FROM athlete');
    return [
      ...objects,
      ...aliases.map(({ athlete_id, kind, n }) => `aliases ${nameOf(athlete_id)} ${kind}: ${n}`),
      ...settled.map(({ athlete_id, client_id, ack_seq }) => `settled ${nameOf(athlete_id)} ${client_id}: ${ack_seq}`),
      ...zones.map(({ athlete_id, time_zone }) => `zone ${nameOf(athlete_id)}: ${time_zone}`),
      ...(await unreadOf(all)),
    ].sort();
  });
}

/** What nobody could read, each once: a repeated delivery brings its bad item again. */
async function unreadOf(all) {
  const letters = await all(`SELECT stage, code, detail, body FROM dead_letter WHERE stage <> 'fetch'`);
  return [
    ...new Set(
      letters.map(({ stage, code, detail, body }) => `unread ${stage} ${code} ${detail} ${hashOf(body ?? '')}`),
    ),
  ];
}

const DIFFERS = new Set(['receipt', 'rev', 'createdRev']);

/** JSON with sorted members, hidden names replaced. Members may be named by an id, so they are pairs here. */
function plain(value, hidden) {
  if (Array.isArray(value)) return `[${value.map((each) => plain(each, hidden)).join()}]`;
  if (value === null || typeof value !== 'object')
    return JSON.stringify(typeof value === 'string' ? shown(value, hidden) : value);
  const members = Object.entries(value)
    .filter(([name]) => !DIFFERS.has(name))
    .map(([name, each]) => `${JSON.stringify(shown(name, hidden))}:${plain(each, hidden)}`);
  return `{${members.sort().join()}}`;
}

/** Names stand alone or as a part of a key: `CONNECTION|activity|…`. */
function shown(text, hidden) {
  if (text.length > 2_000) return text;
  return text
    .split(/([|\n])/)
    .map((part) => hidden.get(part) ?? part)
    .join('');
}

/** Lines of one that the other does not have, each as often as it is missing. */
export function differencesOf(ours, theirs) {
  const counts = new Map();
  for (const line of ours) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of theirs) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts]
    .filter(([, count]) => count !== 0)
    .map(([line, count]) => ({ only: count > 0 ? 'killed' : 'undisturbed', line }));
}

/**
 * Bytes that are named are there and whole; what nobody names is counted, as it may stay for an hour.
 *
 * @returns `{ problems, named, orphans }`
 */
export async function checkBytes(data) {
  return withData(data, async (all) => {
    const problems = [];
    const named = new Set();
    const stored = await storedBytes(data, all, problems);
    const name = (athleteId, sha256, by) => {
      const key = `${athleteId} ${sha256}`;
      named.add(key);
      if (!stored.has(key)) problems.push(`${by} names bytes that are not there: ${key}`);
    };
    for (const row of await all('SELECT id, athlete_id, blob_sha256 FROM envelope WHERE blob_sha256 IS NOT NULL'))
      name(row.athlete_id, row.blob_sha256, `envelope ${row.id}`);
    for (const table of ['delivery', 'dead_letter'])
      for (const row of await all(`SELECT id, blob_sha256 FROM ${table} WHERE blob_sha256 IS NOT NULL`))
        name(INBOX_OWNER, row.blob_sha256, `${table} ${row.id}`);
    for (const row of await all('SELECT athlete_id, id, state FROM object JOIN object_state USING (oid)'))
      for (const { series, file } of Object.values(JSON.parse(row.state).claims))
        for (const ref of [series, file]) if (ref !== null) name(row.athlete_id, ref.sha256, `object ${row.id}`);
    for (const left of await draftsIn(data, all)) problems.push(`something half-written is left: ${left}`);
    const orphans = [...stored].filter((key) => !named.has(key));
    return { problems, named: named.size, orphans: orphans.length };
  });
}

/** `owner hash` of all bytes, in the database and beside it, each hashed again. */
async function storedBytes(data, all, problems) {
  const stored = new Set();
  for (const { athlete_id, sha256, body } of await all('SELECT athlete_id, sha256, body FROM blob')) {
    if (hashOf(body) !== sha256) problems.push(`bytes in the database are damaged: ${sha256}`);
    stored.add(`${athlete_id} ${sha256}`);
  }
  if (isDatabase(data)) await addParts(all, stored, problems);
  else await addFiles(data, all, stored, problems);
  return stored;
}

async function draftsIn(data, all) {
  if (isDatabase(data)) return (await all('SELECT draft FROM blob_draft')).map(({ draft }) => draft);
  const drafts = join(data, 'blobs', 'tmp');
  return existsSync(drafts) ? readdirSync(drafts) : [];
}

async function addParts(all, stored, problems) {
  for (const { athlete_id, sha256, draft } of await all('SELECT athlete_id, sha256, draft FROM large_blob')) {
    const parts = await all('SELECT body FROM blob_part WHERE draft = $1 ORDER BY part', draft);
    if (hashOf(Buffer.concat(parts.map(({ body }) => body))) !== sha256) problems.push(`parts are damaged: ${sha256}`);
    stored.add(`${athlete_id} ${sha256}`);
  }
}

async function addFiles(data, all, stored, problems) {
  const athletes = (await all('SELECT athlete_id FROM athlete')).map((row) => row.athlete_id);
  const owners = new Map([...athletes, INBOX_OWNER].map((owner) => [hashOf(owner).slice(0, 32), owner]));
  const folder = join(data, 'blobs');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const [owner] = path.slice(folder.length + 1).split('/');
    if (owner === 'tmp') continue;
    if (hashOf(readFileSync(path)) !== entry.name) problems.push(`a file is damaged: ${path}`);
    stored.add(`${owners.get(owner) ?? owner} ${entry.name}`);
  }
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
