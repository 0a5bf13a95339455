import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('size.mjs', import.meta.url));
const LARGEST_BYTES = { 'sdk-sync': 12_000, sdk: 20_000, 'sdk-react': 2_000 };

describe('the SDK', () => {
  it('is small enough for a phone, part by part, and brings no program for servers', () => {
    const lines = execFileSync(process.execPath, [SCRIPT, '--ours', '--json'], { encoding: 'utf8' }).trim().split('\n');
    const sizes = Object.fromEntries(
      lines.map((line) => JSON.parse(line)).map(({ name, gzipBytes }) => [name, gzipBytes]),
    );
    expect(Object.keys(sizes)).toEqual(Object.keys(LARGEST_BYTES));
    for (const [name, largest] of Object.entries(LARGEST_BYTES)) {
      expect(sizes[name], name).toBeGreaterThan(200);
      expect(sizes[name], name).toBeLessThanOrEqual(largest);
    }
    expect(sizes['sdk-sync']).toBeLessThan(sizes.sdk);
  });
});
