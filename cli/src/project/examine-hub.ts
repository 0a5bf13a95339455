/** Everything `coach doctor` looks at: the project around a hub, then the hub itself. */
import type { DiskUse, HealthReport, JsonObject, PluginInfo } from '@coach-hub/core';
import type { World } from '../world.ts';
import { isKeyFileOpen } from './key-file.ts';
import { openHubOf, quietPorts } from './open-project.ts';
import type { Project, ProjectFlags } from './read-project.ts';
import { withKeys } from './with-keys.ts';

type DoctorCheck = HealthReport['checks'][number];

export interface DoctorReport {
  ok: boolean;
  checks: DoctorCheck[];
  counts: JsonObject;
  diskUse: DiskUse;
  plugins: PluginInfo[];
}

/** Opens the hub as it is: an old schema is a finding here, and nothing is changed. */
export async function examineHub(world: World, flags: ProjectFlags): Promise<DoctorReport> {
  const { project, isFresh } = await withKeys(world, flags, { create: false });
  const hub = await openHubOf(project, quietPorts(world, 'warn', project), { migrate: isFresh });
  try {
    const [own, { checks, counts, diskUse, plugins }] = await Promise.all([
      examineProject(project, world),
      hub.health.doctor(),
    ]);
    const all = [...own, ...checks];
    return { ok: all.every(({ ok }) => ok), checks: all, counts, diskUse, plugins };
  } finally {
    await hub.close();
  }
}

async function examineProject(project: Project, { node }: Pick<World, 'node'>): Promise<DoctorCheck[]> {
  return [
    { name: 'node', ok: true, detail: node, fix: null },
    {
      name: 'project',
      ok: true,
      detail: project.configPath ?? `${project.dir}, without coach.config.json: defaults everywhere`,
      fix: null,
    },
    await keys(project),
    tokens(project),
  ];
}

async function keys({ keyPath, secrets }: Project): Promise<DoctorCheck> {
  const operators = `${secrets.operatorKeys.length} operator ${secrets.operatorKeys.length === 1 ? 'key' : 'keys'}`;
  const isOpen = await isKeyFileOpen(keyPath);
  return {
    name: 'keys',
    ok: !isOpen,
    detail: isOpen ? `${keyPath} can be read by other accounts` : `${keyPath}, ${operators}`,
    fix: isOpen ? `Run "chmod 600 ${keyPath}".` : null,
  };
}

function tokens({ secrets, config }: Project): DoctorCheck {
  const ways = [secrets.jwtSecret === null ? null : 'shared secret', config.auth.jwksUrl].filter((way) => way !== null);
  return {
    name: 'tokens',
    ok: ways.length > 0,
    detail: ways.length > 0 ? `athletes come with tokens of: ${ways.join(', ')}` : 'no athlete can sign in',
    fix: ways.length > 0 ? null : 'Set auth.jwksUrl in the configuration, or COACH_JWT_SECRET.',
  };
}
