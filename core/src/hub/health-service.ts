/** Health: is the process alive, ready, and what would an operator want to know. */
import type { HealthReport, HealthService, PluginInfo } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { surveySeals } from './survey-seals.ts';

type Check = HealthReport['checks'][number];

function report(checks: Check[]): HealthReport {
  return { ok: checks.every((check) => check.ok), checks };
}

export function createHealthService(
  parts: Pick<HubParts, 'store' | 'queue' | 'plugins' | 'config' | 'vault'>,
): HealthService {
  const { store, queue, config } = parts;

  async function database(): Promise<Check> {
    try {
      const pending = (await store.migrationStatus()).filter((migration) => migration.appliedAt === null).length;
      const fix = pending === 0 ? null : 'Run "coach db migrate".';
      return { name: 'database', ok: pending === 0, detail: `${store.dialect}, ${pending} migrations pending`, fix };
    } catch {
      return {
        name: 'database',
        ok: false,
        detail: `${store.dialect} does not answer`,
        fix: 'Check that the data folder is there and no other process holds it.',
      };
    }
  }

  function pluginCheck(infos: PluginInfo[]): Check {
    const quarantined = infos.filter((info) => info.state === 'quarantined');
    return {
      name: 'plugins',
      ok: quarantined.length === 0,
      detail: `${infos.length} found, ${quarantined.length} quarantined`,
      fix: quarantined.length === 0 ? null : 'Run "coach plugin list" for the reasons.',
    };
  }

  /** A warning, not a failure: a hub without an account with the vendor is a hub all the same. */
  function setUpChecks(infos: PluginInfo[]): Check[] {
    return infos
      .filter(({ missing }) => missing.length > 0)
      .map(({ id, missing }) => ({
        name: id,
        ok: true,
        detail: 'not set up: no account can be connected',
        fix: `Set ${missing.join(', ')}.`,
      }));
  }

  async function inboxCheck(): Promise<Check> {
    const counts = await store.inboxCounts();
    const jobs = await queue.counts();
    const dead = counts.deadLetters + jobs.dead;
    // A fetch that was given up is a letter too; of other dead jobs the log alone tells.
    const letters = counts.deadLetters > 0 ? 'Look at them with "coach inbox list", then "coach inbox replay".' : null;
    const died = jobs.dead > 0 ? 'Look for "job is dead" in the log; it says why.' : null;
    const fixes = [letters, died].filter((fix) => fix !== null);
    return {
      name: 'inbox',
      ok: dead === 0,
      detail: `${counts.deliveries} deliveries waiting, ${counts.envelopesNew} envelopes to read, ${counts.deadLetters} dead letters, ${jobs.ready + jobs.delayed} jobs, ${jobs.dead} dead jobs`,
      fix: fixes.length === 0 ? null : fixes.join(' '),
    };
  }

  async function vaultCheck(): Promise<Check> {
    const uses = await surveySeals(store, parts.vault);
    const sealing = `sealing with key ${parts.vault.sealingKeyId}`;
    const lost = uses.filter(({ isKnown }) => !isKnown);
    const unreadable = uses.reduce((sum, use) => sum + use.unreadable, 0);
    if (lost.length > 0) {
      const ids = lost.map(({ keyId, rows }) => `${rows} of key ${keyId ?? 'unknown'}`).join(', ');
      return {
        name: 'vault',
        ok: false,
        detail: `${sealing}; secrets whose key is not here: ${ids}`,
        fix: 'Put the key back, as the last one. If it is lost, those athletes connect their accounts again.',
      };
    }
    const fix = unreadable === 0 ? null : 'Rows were changed or moved outside the hub; those athletes connect again.';
    const detail = unreadable === 0 ? sealing : `${sealing}; ${unreadable} secrets do not open`;
    return { name: 'vault', ok: unreadable === 0, detail, fix };
  }

  function loopbackCheck(): Check {
    const { loopback } = config.egress;
    const detail =
      loopback.length === 0 ? 'public addresses of declared hosts only' : `loopback allowed: ${loopback.join(', ')}`;
    return { name: 'egress', ok: true, detail, fix: null };
  }

  return {
    live: () => ({ ok: true }),
    async ready() {
      return report([await database()]);
    },
    async doctor() {
      const infos = parts.plugins.infos;
      const checks = [
        await database(),
        await vaultCheck(),
        pluginCheck(infos),
        ...setUpChecks(infos),
        await inboxCheck(),
        loopbackCheck(),
        {
          name: 'publicUrl',
          ok: true,
          detail: config.publicUrl ?? 'not set; needed before athletes connect accounts',
          fix: null,
        },
      ];
      return { ...report(checks), counts: await store.counts(), diskUse: await store.diskUse(), plugins: infos };
    },
  };
}
