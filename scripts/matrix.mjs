/**
 * `npm run matrix [-- 20 22 24]`: the tests and one start of the hub on other versions of Node, each in a clean clone.
 * 22 and 24 unless versions are named; the version that runs this script is used as it is, others are fetched.
 *
 * Clean, because an add-on compiled for one Node does not load in another, and because what was never committed must
 * not be needed. The committed state is what is tested.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { rootArgument } from './root-argument.mjs';

const DEFAULT_VERSIONS = ['22', '24'];
const TIME_LIMIT_MS = { install: 10 * 60_000, test: 30 * 60_000, start: 5 * 60_000 };

const root = rootArgument();
const named = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument));
const versions = named.length > 0 ? named : DEFAULT_VERSIONS;
const work = mkdtempSync(join(realpathSync(tmpdir()), 'coach-matrix-'));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.once('exit', () => rmSync(work, { recursive: true, force: true }));

if (run('git', ['status', '--porcelain'], { cwd: root, quiet: true }).output !== '') {
  console.log('Note: there are uncommitted changes; they are not part of what is tested.');
}

const rows = versions.map((version) => tryVersion(version));
console.log(`\n${table(rows)}`);
process.exitCode = rows.every((row) => row.passed) ? 0 : 1;

function tryVersion(version) {
  const startedAtMs = performance.now();
  const row = (result, passed, node = version) => ({
    node,
    result,
    passed,
    seconds: Math.round((performance.now() - startedAtMs) / 1_000),
  });
  console.log(`\n=== Node ${version} ===`);

  const node = nodeOfVersion(version);
  if (!node) return row('could not be installed', false);
  const env = environmentFor(node);
  const exact = run(node, ['--version'], { env, quiet: true }).output.trim();

  const clone = join(work, `clone-${version}`);
  if (!run('git', ['clone', '--quiet', root, clone], { env }).passed) return row('could not be cloned', false, exact);

  const test = run('npm', ['test'], { cwd: clone, env, timeout: TIME_LIMIT_MS.test });
  const summary = test.output.trimEnd().split('\n').at(-1);
  if (!test.passed) return row(`npm test: ${summary || 'failed'}`, false, exact);

  const start = run('npm', ['start', '--', '--once'], { cwd: clone, env, timeout: TIME_LIMIT_MS.start });
  rmSync(clone, { recursive: true, force: true });
  return row(start.passed ? `${summary}; started` : `${summary}; npm start failed`, start.passed, exact);
}

function nodeOfVersion(version) {
  if (process.versions.node.split('.')[0] === version) return process.execPath;
  const folder = join(work, `node-${version}`);
  // A folder with a manifest of its own; else npm would look for one further up.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node@${version}`];
  const installed = run('npm', args, { cwd: folder, env: cleanEnvironment(), timeout: TIME_LIMIT_MS.install });
  const node = join(folder, 'node_modules/node/bin/node');
  return installed.passed && existsSync(node) ? node : undefined;
}

function environmentFor(node) {
  const env = cleanEnvironment();
  return { ...env, CI: 'true', PATH: [dirname(node), env.PATH].join(delimiter) };
}

/** What `npm run` hands down belongs to this checkout and to this Node. */
function cleanEnvironment() {
  const inherited = /^(?:npm_|INIT_CWD$|NODE$|COACH_TEST_TALLY$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));
  const path = (env.PATH ?? '').split(delimiter).filter((dir) => !/node_modules[\\/]\.bin$|node-gyp-bin$/.test(dir));
  return { ...env, PATH: path.join(delimiter) };
}

/** Runs a program to its end; what it prints is shown as well as kept, unless `quiet`. */
function run(program, args, { cwd = root, env = process.env, timeout, quiet = false } = {}) {
  const result = spawnSync(program, args, {
    cwd,
    env,
    timeout,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'],
  });
  if (!quiet) process.stdout.write(result.stdout ?? '');
  if (result.error) console.error(`${program}: ${result.error.message}`);
  return { passed: result.status === 0, output: result.stdout ?? '' };
}

function table(rows) {
  const lines = [['Node', 'result', 'seconds'], ...rows.map((row) => [row.node, row.result, String(row.seconds)])];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
