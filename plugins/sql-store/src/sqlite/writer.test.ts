import { join } from 'node:path';
import { type HubError, type Log, silentLog } from '@coach-hub/core';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Effects } from '../database/database.ts';
import { temporaryFolder } from '../temporary-folder.test-support.ts';
import { openForWriting } from './open-sqlite.ts';
import { createWriter } from './writer.ts';

function setUp({ now = () => 0, log = silentLog }: { now?: () => number; log?: Log } = {}) {
  const path = join(temporaryFolder(), 'test.db');
  const sqlite = openForWriting(path);
  onTestFinished(() => {
    sqlite.close();
  });
  sqlite.exec('create table note (text text not null unique)');
  // Broken at commit, not at the statement: what a commit that fails looks like.
  sqlite.exec('create table child (parent text references note (text) deferrable initially deferred)');
  const announced: Effects[] = [];
  const writer = createWriter({ sqlite, now, log, announce: (effects) => announced.push(effects) });
  const insert = sqlite.prepare('insert into note (text) values (?)');
  const add = (text: string) => writer.write(() => insert.run(text).changes);
  const notes = () => sqlite.prepare('select text from note order by rowid').pluck().all();
  return { path, sqlite, writer, add, notes, announced };
}

/** Commits so far, as another connection can tell. */
function commitsSeenBy(path: string) {
  const other = new BetterSqlite3(path, { readonly: true });
  onTestFinished(() => {
    other.close();
  });
  const version = () => other.pragma('data_version', { simple: true }) as number;
  let last = version();
  return () => {
    const seen = version();
    const moved = seen !== last;
    last = seen;
    return moved;
  };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('writes that arrive in one turn of the event loop', () => {
  it('share one transaction and are stored in their order', async () => {
    const { add, notes, announced } = setUp();
    await Promise.all(['a', 'b', 'c'].map(add));
    expect(notes()).toEqual(['a', 'b', 'c']);
    expect(announced).toHaveLength(1);
  });

  it('are not on disk before their promise resolves, and are after', async () => {
    const { path, add } = setUp();
    const committed = commitsSeenBy(path);
    const writing = add('a');
    expect(committed()).toBe(false);
    await writing;
    expect(committed()).toBe(true);
  });

  it('reject alone when one of them throws', async () => {
    const { add, notes, announced } = setUp();
    await add('taken');
    const results = await Promise.allSettled(['a', 'taken', 'b'].map(add));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(notes()).toEqual(['taken', 'a', 'b']);
    expect(announced).toHaveLength(2);
  });

  it('leave nothing of a member that throws after its first statement', async () => {
    const { sqlite, writer, add, notes } = setUp();
    const half = writer.write(() => {
      sqlite.prepare("insert into note values ('half')").run();
      throw new RangeError('half done');
    });
    const [bad] = await Promise.allSettled([half, add('whole')]);
    expect(bad).toMatchObject({ status: 'rejected', reason: new RangeError('half done') });
    expect(notes()).toEqual(['whole']);
  });
});

describe('a group whose commit fails', () => {
  it('is stored one by one, so that only the member at fault is refused', async () => {
    const warned: string[] = [];
    const { sqlite, writer, add, notes } = setUp({ log: { ...silentLog, warn: (message) => warned.push(message) } });
    sqlite.pragma('foreign_keys = on');
    const orphan = writer.write(() => sqlite.prepare("insert into child values ('nobody')").run());
    const results = await Promise.allSettled([add('a'), orphan, add('b')]);
    expect(results.map((each) => (each.status === 'rejected' ? (each.reason as HubError).code : 'stored'))).toEqual([
      'stored',
      'busy',
      'stored',
    ]);
    expect(notes()).toEqual(['a', 'b']);
    expect(warned).toEqual(['commit of a group failed, storing its members one by one', 'commit failed']);
  });

  it('does not run a member again that was refused by itself', async () => {
    const { sqlite, writer, add } = setUp();
    sqlite.pragma('foreign_keys = on');
    let runs = 0;
    const wrong = writer.write(() => {
      runs += 1;
      throw new Error('wrong');
    });
    const orphan = writer.write(() => sqlite.prepare("insert into child values ('nobody')").run());
    await Promise.allSettled([wrong, orphan, add('a')]);
    expect(runs).toBe(1);
  });

  it('announces what was stored in the end, once', async () => {
    const { sqlite, writer, announced } = setUp();
    sqlite.pragma('foreign_keys = on');
    const counted = writer.write((effects) => effects.revs.set('ath_1', 7));
    const orphan = writer.write((effects) => {
      effects.revs.set('ath_2', 9);
      sqlite.prepare("insert into child values ('nobody')").run();
    });
    await Promise.allSettled([counted, orphan]);
    expect(announced.map(({ revs }) => [...revs])).toEqual([[['ath_1', 7]]]);
  });

  it('is refused as busy when it has one member', async () => {
    const { sqlite, writer, notes } = setUp();
    sqlite.pragma('foreign_keys = on');
    const orphan = writer.write(() => sqlite.prepare("insert into child values ('nobody')").run());
    await expect(orphan).rejects.toMatchObject({ code: 'busy', retry: 'later' });
    expect(notes()).toEqual([]);
  });
});

describe('while another process holds the lock', () => {
  it('every member is refused as database_busy, and later ones are stored', async () => {
    const { path, sqlite, add, notes } = setUp();
    sqlite.pragma('busy_timeout = 1');
    const other = new BetterSqlite3(path);
    onTestFinished(() => {
      other.close();
    });
    other.exec('begin immediate');
    const results = await Promise.allSettled([add('a'), add('b')]);
    expect(results.map((each) => each.status === 'rejected' && each.reason.code)).toEqual([
      'database_busy',
      'database_busy',
    ]);
    other.exec('rollback');
    await add('c');
    expect(notes()).toEqual(['c']);
  });
});

describe('a full disk', () => {
  it('refuses the member that does not fit and stores its neighbours', async () => {
    const { sqlite, add, notes } = setUp();
    sqlite.pragma(`max_page_count = ${(sqlite.pragma('page_count', { simple: true }) as number) + 4}`);
    const results = await Promise.allSettled([add('a'), add('x'.repeat(100_000)), add('b')]);
    expect(results.map((each) => (each.status === 'rejected' ? each.reason.code : 'stored'))).toEqual([
      'stored',
      'busy',
      'stored',
    ]);
    expect(notes()).toEqual(['a', 'b']);
  });

  it('refuses each that does not fit, and stores the one that does', async () => {
    const { sqlite, add, notes } = setUp();
    sqlite.pragma(`max_page_count = ${(sqlite.pragma('page_count', { simple: true }) as number) + 4}`);
    const results = await Promise.allSettled([add('a'), add('x'.repeat(100_000)), add('y'.repeat(100_000))]);
    expect(results.map((each) => (each.status === 'rejected' ? each.reason.code : 'stored'))).toEqual([
      'stored',
      'busy',
      'busy',
    ]);
    expect(notes()).toEqual(['a']);
  });
});

describe('a group is closed', () => {
  it('at 200 members', async () => {
    const { path, add } = setUp();
    const committed = commitsSeenBy(path);
    const writing = Array.from({ length: 201 }, (_, at) => add(`n${at}`));
    await writing[199];
    expect(committed()).toBe(true);
    let isLastStored = false;
    void writing[200]!.then(() => {
      isLastStored = true;
    });
    await Promise.resolve();
    expect(isLastStored).toBe(false);
    await nextTurn();
    expect(committed()).toBe(true);
    await writing[200];
  });

  it('at 500 objects', async () => {
    const { writer, announced } = setUp();
    const change = (objects: number) =>
      writer.write((effects) => {
        effects.objects = objects;
      });
    await Promise.all([change(300), change(300), change(1), change(1)]);
    expect(announced).toHaveLength(2);
  });

  it('after 10 ms, but never empty', async () => {
    let nowMs = 0;
    const { writer, announced } = setUp({ now: () => nowMs });
    const slow = () =>
      writer.write(() => {
        nowMs += 30;
      });
    await Promise.all([slow(), slow(), slow()]);
    expect(announced).toHaveLength(3);
  });
});

describe('closing', () => {
  it('stores what is waiting and refuses what comes later', async () => {
    const { writer, add, notes } = setUp();
    const waiting = Promise.all(['a', 'b'].map(add));
    writer.close();
    await waiting;
    await expect(add('late')).rejects.toMatchObject({ code: 'busy' });
    expect(notes()).toEqual(['a', 'b']);
  });
});
