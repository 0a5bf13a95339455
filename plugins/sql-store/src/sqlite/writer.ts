/**
 * Group commit: the writes that arrive in one turn of the event loop share one transaction, and so one flush.
 *
 * No timer: a turn collects about half of the open requests by itself, and a timer only adds its wait.
 * The writes of a group are independent. When one throws it is rejected alone and its neighbours run again, now each in a
 * savepoint; when the commit itself fails, each is tried by itself. So one that cannot be stored takes nobody along.
 * Savepoints are for that second run only: SQLite copies every page that one may have to put back.
 */
import { HubError, type Log } from '@coach-hub/core';
import { type Effects, noEffects } from '../database/database.ts';
import type { Sqlite } from './open-sqlite.ts';
import { commitFailed, sqliteError } from './sqlite-error.ts';

/** A group closes at the first of these; what is left waits for the next turn, so that others get theirs. */
const MAX_MEMBERS = 200;
const MAX_OBJECTS = 500;
const MAX_MS = 10;

/** Runs inside the transaction, synchronously. It may run again when a neighbour or the commit fails. */
export type SyncWork<T> = (effects: Effects) => T;

export interface Writer {
  /** Resolves when the work is on disk. Rejects with what the work threw, or with a retryable code. */
  write<T>(work: SyncWork<T>): Promise<T>;
  /** Writes what is waiting; later writes are refused. */
  close(): void;
}

export interface WriterDeps {
  sqlite: Sqlite;
  now: () => number;
  log: Log;
  /** Called after each commit. */
  announce: (effects: Effects) => void;
}

interface Member {
  work: SyncWork<unknown>;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

interface Done {
  member: Member;
  value: unknown;
  effects: Effects;
}

export function createWriter({ sqlite, now, log, announce }: WriterDeps): Writer {
  const begin = sqlite.prepare('begin immediate');
  const commit = sqlite.prepare('commit');
  const rollback = sqlite.prepare('rollback');
  const savepoint = sqlite.prepare('savepoint member');
  const release = sqlite.prepare('release member');
  const rollbackTo = sqlite.prepare('rollback to member');
  let waiting: Member[] = [];
  let closed = false;

  function write<T>(work: SyncWork<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (closed) return reject(storeClosed());
      waiting.push({ work, resolve, reject });
      if (waiting.length === 1) setImmediate(flush);
    });
  }

  function flush(): void {
    if (waiting.length === 0) return;
    const group = waiting;
    waiting = [];
    waiting = runGroup(group, runBare).concat(waiting);
    if (waiting.length > 0) setImmediate(flush);
  }

  /** Runs and settles the first members of the group; returns those that are left. */
  function runGroup(group: Member[], run: typeof runBare): Member[] {
    try {
      begin.run();
    } catch (error) {
      return rejectAll(group, sqliteError(error));
    }
    const { done, taken } = runMembers(group, run);
    const left = group.slice(taken);
    if (run === runBare && done.length > 0 && done.length < taken) {
      return runGroup([...done.map(({ member }) => member), ...left], runInSavepoint);
    }
    if (done.length === 0) undo();
    // Gone with everything in it: a disk that is full for one takes back what the others wrote.
    else if (!sqlite.inTransaction) oneByOne(done.map(({ member }) => member));
    else if (done.length === 1) commitLast(done[0]!);
    else commitGroup(done);
    return left;
  }

  /** Runs members until the group is full or its transaction is gone: undone by a member, or by SQLite on a full disk. */
  function runMembers(group: Member[], run: typeof runBare): { done: Done[]; taken: number } {
    const started = now();
    const done: Done[] = [];
    let taken = 0;
    let objects = 0;
    const isOpen = () => taken < MAX_MEMBERS && objects < MAX_OBJECTS && now() - started < MAX_MS;
    while (taken < group.length && (taken === 0 || isOpen()) && sqlite.inTransaction) {
      const settled = run(group[taken++]!);
      if (!settled) continue;
      done.push(settled);
      objects += settled.effects.objects;
    }
    return { done, taken };
  }

  /** Runs one member; when it throws, undoes the transaction, rejects the member and returns undefined. */
  function runBare(member: Member): Done | undefined {
    const effects = noEffects();
    try {
      return { member, value: member.work(effects), effects };
    } catch (error) {
      undo();
      member.reject(sqliteError(error));
      return undefined;
    }
  }

  /** The same, undoing the member alone. */
  function runInSavepoint(member: Member): Done | undefined {
    const effects = noEffects();
    try {
      savepoint.run();
      const value = member.work(effects);
      release.run();
      return { member, value, effects };
    } catch (error) {
      if (sqlite.inTransaction) {
        rollbackTo.run();
        release.run();
      }
      member.reject(sqliteError(error));
      return undefined;
    }
  }

  function commitGroup(done: Done[]): void {
    try {
      commit.run();
    } catch (error) {
      undo();
      log.warn('commit of a group failed, storing its members one by one', {
        members: done.length,
        code: codeOf(error),
      });
      return oneByOne(done.map((each) => each.member));
    }
    settle(done);
  }

  function oneByOne(members: Member[]): void {
    for (const [place, member] of members.entries()) {
      try {
        begin.run();
      } catch (error) {
        // Waiting for the lock again for each of the others would stop the process for minutes.
        rejectAll(members.slice(place), sqliteError(error));
        return;
      }
      const settled = runBare(member);
      if (settled) commitLast(settled);
    }
  }

  /** Commits a transaction of one member, for whom there is no other try. */
  function commitLast(done: Done): void {
    try {
      commit.run();
    } catch (error) {
      undo();
      log.warn('commit failed', { code: codeOf(error) });
      return done.member.reject(commitFailed(error));
    }
    settle([done]);
  }

  function settle(done: Done[]): void {
    const all = noEffects();
    for (const { member, value, effects } of done) {
      for (const [athleteId, rev] of effects.revs) all.revs.set(athleteId, rev);
      all.jobs ||= effects.jobs;
      member.resolve(value as never);
    }
    announce(all);
  }

  function undo(): void {
    if (sqlite.inTransaction) rollback.run();
  }

  function close(): void {
    closed = true;
    while (waiting.length > 0) flush();
  }

  return { write, close };
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'unknown';
}

/** Rejects every one; none is left. */
function rejectAll(members: Member[], error: unknown): Member[] {
  for (const member of members) member.reject(error);
  return [];
}

function storeClosed(): HubError {
  return new HubError('busy', {
    what: 'The change was not stored.',
    why: 'The hub is shutting down.',
    fix: 'Try again once it is back.',
  });
}
