import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('size.mjs', import.meta.url));
const LARGEST_SDK_BYTES = 20_000;

describe('the SDK', () => {
  it('is small enough for a phone, and brings no program for servers', () => {
    const lines = execFileSync(process.execPath, [SCRIPT, '--ours', '--json'], { encoding: 'utf8' }).trim().split('\n');
    const [sdk] = lines.map((line) => JSON.parse(line));
    expect(sdk.name).toBe('sdk');
    expect(sdk.gzipBytes).toBeGreaterThan(1_000);
    expect(sdk.gzipBytes).toBeLessThan(LARGEST_SDK_BYTES);
  });
});
