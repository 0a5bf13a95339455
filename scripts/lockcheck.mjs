/**
 * Checks package-lock.json (`--root DIR` for another tree): `npm ci` must accept it on every platform and machine.
 *
 * - Every optional dependency is listed. An `npm install` that cannot see another platform's package leaves it out
 *   without a word, and `npm ci` then refuses the file everywhere.
 * - Every package has an integrity hash, and none names the address it was downloaded from.
 * - Every package.json of the workspace asks for what the lock file says it asks for.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootArgument } from './root-argument.mjs';

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

const root = rootArgument();
const raw = readFileSync(join(root, 'package-lock.json'), 'utf8');
const packages = JSON.parse(raw).packages;
const problems = [];

for (const [at, entry] of Object.entries(packages)) {
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!isInstalledFor(at, name)) problems.push(`${at}: optional ${name} is missing from the lock file`);
  }
  if (isDownloaded(at, entry) && !entry.integrity) problems.push(`${at}: no integrity hash`);
  if (!at.includes('node_modules/')) problems.push(...staleFields(at, entry));
}
if (/"resolved": "https?:/.test(raw)) {
  problems.push('a download address is recorded; .npmrc needs omit-lockfile-registry-resolved=true');
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(
    '\nFix: put the exact versions back, or choose versions whose packages exist for every platform; then "npm install".',
  );
  process.exit(1);
}

/** Walks up the node_modules folders as Node does. */
function isInstalledFor(from, name) {
  for (let at = from; ; ) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (!at) return false;
    const parent = at.lastIndexOf('/node_modules/');
    at = parent < 0 ? '' : at.slice(0, parent);
  }
}

function isDownloaded(at, entry) {
  return at.includes('node_modules/') && !entry.link && !entry.inBundle;
}

function staleFields(at, entry) {
  const file = join(root, at, 'package.json');
  if (!existsSync(file)) return [`${at}: in the lock file, but there is no ${at}/package.json`];
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  return DEPENDENCY_FIELDS.filter((field) => sorted(manifest[field]) !== sorted(entry[field])).map(
    (field) => `${at || 'package.json'}: "${field}" differs from the lock file; run "npm install"`,
  );
}

function sorted(dependencies = {}) {
  return JSON.stringify(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
}
