/** A project that was used: an imported run, and two deliveries nobody could read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { envNameOf, type ImportRow, type PluginInfo } from '@coach-hub/core';
import { coach, coachJson, emptyFolder, startCoach } from './coach.test-support.ts';
import { runFile } from './run-file.test-support.ts';
import { zipOf } from './zip.test-support.ts';

export interface PreparedProject {
  cwd: string;
  /** The imported run. */
  objectId: string;
  /** A plugin with a fake vendor. */
  provider: string;
  /** Settings that the deliveries need. */
  env: { [name: string]: string };
}

export const ATHLETE = 'demo';
const SECRET = 'a-webhook-secret-of-thirty-two-letters';

export async function preparedProject(): Promise<PreparedProject> {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'run.fit'), runFile());
  mkdirSync(join(cwd, 'archive'));
  for (const day of [1, 2]) writeFileSync(join(cwd, `archive/${day}.fit`), runFile({ startS: day * 86_400 }));
  writeFileSync(join(cwd, 'run.fit.gz'), gzipSync(runFile({ startS: 3 * 86_400 })));
  writeFileSync(join(cwd, 'export.zip'), await zipOf({ 'activities/4.fit': runFile({ startS: 4 * 86_400 }) }));
  const { stdout } = await coach(['import', 'run.fit', '--athlete', ATHLETE, '--json'], { cwd });
  const { objectId } = JSON.parse(stdout) as ImportRow;
  const { plugins } = await coachJson<{ plugins: PluginInfo[] }>(['plugin', 'list'], { cwd });
  const provider = plugins.find(({ hasFake }) => hasFake)?.id ?? '';
  const env = { [envNameOf(provider, 'webhookSecret')]: SECRET, COACH_PORT: '0' };
  await deliverNonsense(cwd, provider, env);
  return { cwd, objectId: objectId ?? '', provider, env };
}

/** Two bodies that are no JSON. The hub acknowledges them all the same and keeps them as dead letters. */
async function deliverNonsense(cwd: string, provider: string, env: PreparedProject['env']): Promise<void> {
  const serving = startCoach(['serve', '--json'], { cwd, env });
  await serving.says('"loopback"');
  const { url } = JSON.parse(serving.stdout()) as { url: string };
  for (const body of ['{"activities": [', 'nonsense']) {
    await fetch(`${url}/webhooks/${provider}/${SECRET}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
  }
  await serving.stop();
}
