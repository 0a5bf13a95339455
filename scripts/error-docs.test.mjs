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
const FILE_CODES = 'core/src/formats/activity-file-codes.ts';
const DOCS = 'docs/errors.md';
const catalogue = readFileSync(join(ROOT, CATALOGUE), 'utf8');
const fileCodes = readFileSync(join(ROOT, FILE_CODES), 'utf8');
const page = readFileSync(join(ROOT, DOCS), 'utf8');

function check(source, codes = fileCodes) {
  const tree = temporaryTree({ [CATALOGUE]: source, [FILE_CODES]: codes, [DOCS]: page });
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

it('what a row of an import can carry is there: errors with a heading, notes in a table', () => {
  expect(page).toContain('### damaged_file\n\nStatus `unreadable`. ');
  expect(page).toContain('\n| `file_cut` | The file ends before the length it states. |\n');
});

it('a note that was added without the page fails the check', () => {
  expect(check(catalogue, fileCodes.replace("  file_cut: '", "  planted: 'Planted.',\n  file_cut: '")).status).toBe(1);
});
