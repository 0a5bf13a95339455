/**
 * Makes a checkout ready: dependencies for exactly this Node, then the build. `npm start` and `npm test` run it first.
 *
 * Node 22 and newer get the SQLite driver's next version, which comes ready-made: 12 has none for them and ends the
 * process on Node 24.19 and newer, 13 ends it on Node 20 (docs/decisions/0010).
 *
 * Built-ins only, because it runs before node_modules exists. A stamp in node_modules remembers the lock file and the
 * Node ABI of the last install, so a second run goes straight to the build (which is cached).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.setup-stamp');

const TOOLS_HELP = `The SQLite driver (better-sqlite3) is compiled where no ready-made binary can be had for this Node and platform.
That needs a C++ compiler, make and python3:
  Debian, Ubuntu  apt-get install -y g++ make python3
  Fedora          dnf install -y gcc-c++ make python3
  Alpine          apk add g++ make python3
  macOS           xcode-select --install
  Windows         the "Desktop development with C++" workload of the Visual Studio Build Tools, and Python 3`;

const DRIVER = join(root, 'node_modules', 'better-sqlite3');
const DRIVER_FOR_NODE_22 = 'better-sqlite3-node22';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node.js 20.19 or newer is needed; this is ${process.version}.`);
  process.exit(1);
}

const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
useHeadersOfThisNode();

const wanted = installFingerprint();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== wanted) {
  const compiles = major < 22;
  const missing = compiles ? missingBuildTools() : [];
  if (missing.length > 0) console.error(`Note: not found on PATH: ${missing.join(', ')}.\n${TOOLS_HELP}\n`);
  const patience = compiles ? ' This takes minutes where the SQLite driver has to be compiled …' : ' …';
  console.log(`Installing dependencies${compiles ? '.' : ''}${patience}`);
  // Only errors are told: each Node is warned of the driver that is for the other ones.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const status = npm(compiles ? args : [...args, '--ignore-scripts'], 'inherit').status;
  if (status !== 0) {
    console.error(
      `\n"npm ci" failed (exit code ${status}); its messages are above.${compiles ? `\n${TOOLS_HELP}` : ''}`,
    );
    process.exit(status);
  }
  if (!compiles) takeReadyMadeDriver();
  writeFileSync(stampFile, wanted);
}
const build = npm(['run', '--silent', 'build'], 'pipe');
if (build.status !== 0) console.error(`${build.output}\nThe build failed; see above.`);
process.exit(build.status);

function takeReadyMadeDriver() {
  rmSync(DRIVER, { recursive: true, force: true });
  symlinkSync(
    process.platform === 'win32' ? join(root, 'node_modules', DRIVER_FOR_NODE_22) : DRIVER_FOR_NODE_22,
    DRIVER,
    'junction',
  );
}

/** An add-on compiled for one ABI does not load in another, so the ABI counts as much as the lock file. */
function installFingerprint() {
  return createHash('sha256')
    .update(`${process.versions.modules} ${process.platform} ${process.arch}\n`)
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Points node-gyp at headers of exactly this Node, where there are any: no download, and never another Node's headers. */
function useHeadersOfThisNode() {
  const prefix = dirname(dirname(process.execPath));
  const candidates = [
    env.npm_config_nodedir,
    prefix,
    join(prefix, 'node_modules', `node-${process.platform}-${process.arch}`),
    join(dirname(prefix), `node-${process.platform}-${process.arch}`),
  ];
  const nodedir = candidates.find((dir) => dir && headersAbi(dir) === process.versions.modules);
  if (nodedir) env.npm_config_nodedir = nodedir;
  else delete env.npm_config_nodedir;
}

function headersAbi(dir) {
  try {
    return /NODE_MODULE_VERSION (\d+)/.exec(readFileSync(join(dir, 'include/node/node_version.h'), 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** Only PATH is looked at; on Windows the tools are found by other means, so nothing is said there. */
function missingBuildTools() {
  if (process.platform === 'win32') return [];
  const onPath = (name) => (env.PATH ?? '').split(delimiter).some((dir) => dir !== '' && existsSync(join(dir, name)));
  const missing = [];
  if (!env.CXX && !['c++', 'g++', 'clang++'].some(onPath)) missing.push('a C++ compiler');
  if (!['make', 'gmake'].some(onPath)) missing.push('make');
  if (!env.PYTHON && !['python3', 'python'].some(onPath)) missing.push('python3');
  return missing;
}

function npm(args, output) {
  const cli = process.env.npm_execpath;
  const isNpm = cli !== undefined && /npm-cli\.[cm]?js$/.test(cli);
  const result = spawnSync(isNpm ? process.execPath : 'npm', [...(isNpm ? [cli] : []), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', output, output],
    shell: !isNpm && process.platform === 'win32',
  });
  if (result.error) console.error(`npm could not be started: ${result.error.message}`);
  return { status: result.status ?? 1, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}
