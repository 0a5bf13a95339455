import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { errorDocs } from './error-docs.mjs';
import { temporaryTree } from './testing/temporary-tree.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCRIPT = join(ROOT, 'scripts/error-docs.mjs');
const CATALOGUE = 'core/src/error/catalogue.ts';
const DOCS = 'docs/errors.md';
const catalogue = readFileSync(join(ROOT, CATALOGUE), 'utf8');
const page = readFileSync(join(ROOT, DOCS), 'utf8');

function check(source) {
  const tree = temporaryTree({ [CATALOGUE]: source, [DOCS]: page });
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--check', '--root', tree.root], {
    encoding: 'utf8',
  });
  tree.remove();
  return { status, stderr };
}

it('docs/errors.md says what the catalogue says', async () => {
  expect(page).toBe(await errorDocs(ROOT));
});

it('every code has a heading, under that of its group', () => {
  expect(page.indexOf('## Sync\n')).toBeLessThan(page.indexOf('### seq_gap\n\nStatus 409, try again later.\n'));
});

it('a page that is as it should be passes the check', () => {
  expect(check(catalogue)).toEqual({ status: 0, stderr: '' });
});

it('a code that was added without the page fails the check', () => {
  const planted = catalogue.replace('  // Sync\n', "  // Sync\n  planted: entry(400, 'never', 'Planted.'),\n");
  expect(check(planted)).toEqual({
    status: 1,
    stderr: 'docs/errors.md is stale: run "node scripts/error-docs.mjs".\n',
  });
});
