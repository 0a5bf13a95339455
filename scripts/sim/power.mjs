/**
 * Power cuts. Every SQLite statement of the simulated processes goes through here, and the power of a process can be cut
 * just before one of them or just after: it and all that follow fail, nobody hears of what was done, and the database
 * stays as the disk has it.
 */
import Database from 'better-sqlite3';

export class PowerCut extends Error {}

/** Of the statements of this thread: how often the power went before and after each. */
const statements = new Map();
/** Folder → process whose databases lie in it. */
const processes = new Map();
/** Database → its process, or null. */
const owners = new WeakMap();

/**
 * @param folder where the databases of the process are, and nobody else's. A new process takes the folder over.
 * @param ran statements that processes of this kind have run before, in this simulation.
 */
export function powerOn(folder, ran) {
  const process = { isDead: false, cut: null, wasCutAt: null, ran, databases: new Set() };
  processes.set(folder, process);
  return {
    /**
     * @param cut `{ inStatements, isAfter }`: after how many more, and on which side of the one that is then due; or
     * `{ inNewStatements, isAfter }`: counting those alone that no process of its kind has run before, so that what runs
     * seldom is met as well as what runs all the time; or `{ inSort, sort, isAfter }`: counting those of one sort alone, of
     * the `SORTS` that statements are sorted into by their text, so that over many seeds each of them is met.
     */
    cutLater(cut) {
      process.cut = { ...cut };
    },
    /** The process ends, with its files and locks. */
    cutNow() {
      process.isDead = true;
      for (const database of process.databases) if (database.open) database.close();
    },
    keepOn() {
      process.cut = null;
    },
    isDead: () => process.isDead,
    wasCutAt: () => process.wasCutAt,
  };
}

export function forget(folder) {
  processes.delete(folder);
}

/** @returns `[text, cutsBefore, cutsAfter]` of each statement that ran. */
export function statementsSeen() {
  return [...statements].map(([text, { before, after }]) => [text, before, after]);
}

let isLooking = false;

/** Runs `read` past all of this: whoever looks at a database from outside is no process of the simulation. */
export function unseen(read) {
  isLooking = true;
  try {
    return read();
  } finally {
    isLooking = false;
  }
}

function ownerOf(database) {
  const known = owners.get(database);
  if (known !== undefined) return known;
  const folder = [...processes.keys()].find((each) => database.name.startsWith(`${each}/`));
  const owner = folder === undefined ? null : processes.get(folder);
  owners.set(database, owner);
  owner?.databases.add(database);
  return owner;
}

/** Pieces of statements that run seldom: each is a sort of its own, which many seeds are given. */
const SELDOM = [
  'UPDATE outbox SET mid',
  'UPDATE outbox SET seq = NULL',
  'DELETE FROM journal AS j',
  'INSERT INTO outbox (pos',
  'INSERT OR REPLACE INTO alias',
  'UPDATE outbox SET id',
  'UPDATE OR IGNORE object SET id',
  'DELETE FROM object WHERE kind',
  'delete from "object"',
  'delete from "alias"',
  'DELETE FROM dead_letter',
  'delete from "claim_key"',
  'insert into "dead_mutation"',
  'insert into "athlete"',
  'rollback',
  'ROLLBACK',
  'delete from "object_state"',
  'DELETE FROM object WHERE gen',
  'DELETE FROM journal WHERE',
  'DELETE FROM alias WHERE kind',
  'UPDATE alias SET',
  'UPDATE outbox SET body',
];
const OTHER_SORTS = 64;
/** Sorts of statements. So many that few share one, so few that each seed's sort is met by others again. */
export const SORTS = SELDOM.length + OTHER_SORTS;

/** Whether a sort is one of those that run seldom. */
export const isSeldom = (sort) => sort < SELDOM.length;

/**
 * A sort for a seed, and the side of its statements that the seed prefers: two of three seeds are given a sort that runs
 * seldom.
 */
export function sortOfSeed(seed) {
  const round = Math.floor(seed / 3);
  const isCommon = seed % 3 === 0;
  const number = isCommon ? round : 2 * round + (seed % 3);
  const sorts = isCommon ? OTHER_SORTS : SELDOM.length;
  return {
    sort: (number % sorts) + (isCommon ? SELDOM.length : 0),
    prefersAfter: Math.floor(number / sorts) % 2 === 0,
  };
}

const sorts = new Map();

/** FNV-1a: only has to spread the texts. */
function sortOf(text) {
  const known = sorts.get(text);
  if (known !== undefined) return known;
  const seldom = SELDOM.findIndex((piece) => text.includes(piece));
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  const sort = seldom >= 0 ? seldom : SELDOM.length + ((hash >>> 0) % OTHER_SORTS);
  sorts.set(text, sort);
  return sort;
}

function isDue(cut, isNew, text) {
  if (cut.inSort !== undefined) return sortOf(text) === cut.sort && cut.inSort-- <= 0;
  if (cut.inStatements !== undefined) return cut.inStatements-- <= 0;
  return isNew && cut.inNewStatements-- <= 0;
}

/** Undoing is what the operating system would do to a process without power, so it is done all the same, and in silence. */
const UNDOES = /^(?:rollback|release)\b/i;

/** One statement of the code is one to us, whichever of the tables it counts. */
function nameOf(text) {
  return text.startsWith('select count(*) from "') ? 'select count(*) from each table' : text;
}

function around(database, text, work) {
  if (isLooking) return work();
  const process = ownerOf(database);
  if (process === null) return work();
  const undoes = UNDOES.test(text);
  if (process.isDead) {
    if (undoes) return work();
    throw new PowerCut('The power is off.');
  }
  const name = nameOf(text);
  const seen = statements.get(name) ?? { before: 0, after: 0 };
  statements.set(name, seen);
  const isNew = !process.ran.has(text);
  process.ran.add(text);
  if (process.cut === null || !isDue(process.cut, isNew, text)) return work();
  const { isAfter } = process.cut;
  const done = isAfter || undoes ? work() : undefined;
  // Rows that nobody will read: the statement would keep its database open.
  if (isAfter && typeof done?.next === 'function') done.return();
  seen[isAfter ? 'after' : 'before'] += 1;
  process.isDead = true;
  process.wasCutAt = `${isAfter ? 'after' : 'before'} ${text.replace(/\s+/g, ' ').slice(0, 100)}`;
  if (undoes) return done;
  throw new PowerCut('The power was cut.');
}

function patch(prototype, method, textOf) {
  const real = prototype[method];
  prototype[method] = function patched(...args) {
    const database = this.database ?? this;
    return around(database, textOf(this, args), () => real.apply(this, args));
  };
}

const memory = new Database(':memory:');
const statementPrototype = Object.getPrototypeOf(memory.prepare('select 1'));
memory.close();
for (const method of ['run', 'get', 'all', 'iterate']) patch(statementPrototype, method, ({ source }) => source);
patch(Database.prototype, 'exec', (_, [text]) => text);
