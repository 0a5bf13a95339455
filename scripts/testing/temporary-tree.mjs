import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes `{ 'path/in/tree': text | object }` to a new folder, objects as JSON. `remove()` deletes it. */
export function temporaryTree(files) {
  const root = mkdtempSync(join(tmpdir(), 'coach-tree-'));
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
