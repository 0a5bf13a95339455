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
     * seldom is met as well as what runs all the time.
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

function isDue(cut, isNew) {
  if (cut.inStatements !== undefined) return cut.inStatements-- <= 0;
  return isNew && cut.inNewStatements-- <= 0;
}

/** Undoing is what the operating system would do to a process without power, so it is done all the same, and in silence. */
const UNDOES = /^(?:rollback|release)\b/i;

function around(database, text, work) {
  if (isLooking) return work();
  const process = ownerOf(database);
  if (process === null) return work();
  const undoes = UNDOES.test(text);
  if (process.isDead) {
    if (undoes) return work();
    throw new PowerCut('The power is off.');
  }
  const seen = statements.get(text) ?? { before: 0, after: 0 };
  statements.set(text, seen);
  const isNew = !process.ran.has(text);
  process.ran.add(text);
  if (process.cut === null || !isDue(process.cut, isNew)) return work();
  const { isAfter } = process.cut;
  const done = isAfter || undoes ? work() : undefined;
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
