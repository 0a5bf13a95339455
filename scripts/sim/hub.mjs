/** The hub of a simulation: the real store, the real sync service and the real routes, in one process that can die. */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { HubError } from '../../core/src/error/hub-error.ts';
import { silentLog } from '../../core/src/hub/log.ts';
import { newObjectId } from '../../core/src/hub/object-id.ts';
import { createSyncService } from '../../core/src/hub/sync-service.ts';
import { applyClaims } from '../../core/src/ledger/apply-claims.ts';
import { applyPlan } from '../../core/src/ledger/apply-plan.ts';
import { claimKeyOf } from '../../core/src/ledger/claim.ts';
import { silentMeter } from '../../core/src/metrics/meter.ts';
import { MANIFEST } from '../../plugins/sql-store/src/backup/backup-folder.ts';
import { plugin } from '../../plugins/sql-store/src/index.ts';
import { createServer } from '../../server/src/create-server.ts';
import { forget, powerOn, unseen } from './power.mjs';

/** A folder whose database has its tables, to be copied: making them takes longer than a whole simulation. */
export async function makeTemplate(folder) {
  const opened = await plugin.open({ url: folder, now: () => 0, random: () => 0.5, log: silentLog });
  await opened.store.migrate();
  await opened.close();
}

/** `Bearer ATHLETE END_MS`: who it is and until when, as a token says it. */
const auth = (clock) => ({
  async identify(authorization) {
    const [, athleteId, end] = (authorization ?? '').split(' ');
    if (Number(end) > clock.now()) return { type: 'athlete', athleteId, tokenEndsAtMs: Number(end) };
    const story = { what: 'Not let in.', why: 'The token has ended.', fix: 'Get another.' };
    throw new HubError('token_expired', story);
  },
});

/** @param cut when the power goes for the first time, or null. */
export async function createHubProcess({ folder, template, clock, random, athletes, cut }) {
  let place = join(folder, 'hub-0');
  let places = 0;
  let power = null;
  let opened = null;
  let app = null;
  let newId = null;
  let receipts = 0;
  const ran = new Set();

  /** Opens the store as a hub does, once more where the power goes meanwhile. */
  async function open(cut) {
    power = powerOn(place, ran);
    if (cut !== null) power.cutLater(cut);
    try {
      opened = await plugin.open({ url: place, now: clock.now, random: random.next, log: silentLog });
      await opened.store.migrate();
    } catch (error) {
      if (!power.isDead()) throw error;
      power.cutNow();
      await open(null);
    }
  }

  async function start(cut = null) {
    await open(cut);
    const { store } = opened;
    const idSource = { uuid: random.uuid };
    newId = newObjectId(idSource);
    const sync = createSyncService({ store, clock, random: idSource, meter: silentMeter });
    const hub = { sync };
    const config = { publicUrl: null, trustProxy: false, limits: { requestsPerS: 0 } };
    app = createServer({ hub, auth: auth(clock), config, clock, random, log: silentLog });
  }

  async function bury() {
    power.cutNow();
    await opened.close().catch(() => undefined);
    forget(place);
    app = null;
  }

  cpSync(template, place, { recursive: true });
  await start(cut);
  for (const athleteId of athletes) {
    try {
      await opened.store.ensureAthlete(athleteId);
    } catch (error) {
      if (!power.isDead()) throw error;
      await bury();
      await start();
      await opened.store.ensureAthlete(athleteId);
    }
  }

  return {
    power: () => power,
    async serve({ url, init }) {
      if (app === null) return null;
      const answer = await app.request(url, { method: init.method, headers: init.headers, body: init.body });
      const text = await answer.text();
      return power.isDead() ? null : { status: answer.status, headers: answer.headers, text };
    },
    /** A watch uploads a run. @returns whether it is stored. */
    async upload({ athleteId, externalId, fields, version }) {
      const place = { kind: 'activity', provider: 'watch', connectionId: null, externalId, form: 'file', part: 0 };
      const order = { vendorVersion: version, supersession: 0, receipt: ++receipts, mappingVersion: 1 };
      const nothing = { identities: [], groupKey: null, quality: null, series: null, file: null };
      const claim = { ...place, claimKey: claimKeyOf(place), order, origin: 'device', ...nothing, fields };
      const input = { athleteId, claims: [claim], generations: [], envelopesDone: [] };
      try {
        await applyClaims(opened.store, input, { newId });
        return !power.isDead();
      } catch (error) {
        if (power.isDead()) return false;
        throw error;
      }
    },
    /** An engine writes a version of a plan. @returns what came of it, or null where the power went. */
    async replan(input) {
      try {
        const outcome = await applyPlan(
          opened.store,
          { engine: 'planner', planKey: 'spring', plan: {}, ...input },
          { newId },
        );
        return power.isDead() ? null : outcome;
      } catch (error) {
        if (power.isDead()) return null;
        throw error;
      }
    },
    /** @param cut when the power goes again, or null. */
    async restart(cut) {
      await bury();
      await start(cut);
    },
    /** @returns the backup's folder, or null where the power went. */
    async backUp() {
      const backup = join(folder, `backup-${++places}`);
      const common = { now: clock.now, log: silentLog };
      try {
        await plugin.backup({ url: place, folder: backup, productVersion: '0.0.0', ...common });
      } catch (error) {
        if (!power.isDead()) throw error;
      }
      // One that was complete before the power went is one.
      return existsSync(join(backup, MANIFEST)) ? backup : null;
    },
    async restore(backup) {
      await bury();
      place = join(folder, `hub-${++places}`);
      const common = { now: clock.now, log: silentLog };
      await plugin.restore({ folder: backup, url: place, random: random.next, inspect: async () => {}, ...common });
      await start();
    },
    /** What is stored, past the code that is tested. */
    look(read) {
      const database = new Database(join(place, 'coach.db'), { readonly: true });
      try {
        return unseen(() => read((sql, ...values) => database.prepare(sql).all(...values)));
      } finally {
        database.close();
      }
    },
    async close() {
      await opened.close();
      forget(place);
    },
  };
}

export function makeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
