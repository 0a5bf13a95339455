/** The hub is up: where it answers, and what is around it. */
import { relative } from 'node:path';
import type { Teller } from '../narrator.ts';
import type { Stage } from '../open-stage.ts';

export async function hubUp(stage: Stage, tell: Teller, cwd: string): Promise<void> {
  const { hub, url, folder, provider, project } = stage;
  const ready = hub.plugins.list().filter(({ state }) => state === 'ready');
  tell.fact('address', url);
  tell.fact('data', `${relative(cwd, folder.data) || folder.data}, made afresh`);
  tell.fact('plugins', ready.map(({ id }) => id).join(', '));
  tell.fact('provider', `a fake ${provider.displayName} at ${provider.fake.url}`);
  tell.fact('egress', `only to ${project.config.egress.loopback.join(', ')}`);
  const answer = await fetch(`${url}/readyz`);
  tell.check('it answers that it is ready', { expected: 200, got: answer.status });
}
