import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const coach = fileURLToPath(new URL('../cli/bin/run.js', import.meta.url));

/** One process from its start to its end, as a shell sees it. */
function startUpMs(...args) {
  const startedAtMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startedAtMs;
}

export default {
  name: 'start-up of coach --version against node -e 0',
  unit: 'ms',
  better: 'lower',
  aim: 3,
  setup: () => ({ ours: () => startUpMs(coach, '--version'), baseline: () => startUpMs('-e', '0') }),
};
