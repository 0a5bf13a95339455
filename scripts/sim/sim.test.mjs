import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleSimulator } from './bundle.mjs';
import { DEFECTS } from './defects.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SEEDS = 25;

const folder = mkdtempSync(join(tmpdir(), 'coach-sim-'));
const bundles = [];
afterAll(() => {
  for (const each of [folder, ...bundles.map(dirname)]) rmSync(each, { recursive: true, force: true });
});

/** The simulator with a defect in the code, or none. */
async function simulator(defect = null) {
  const bundle = await bundleSimulator(ROOT, defect);
  bundles.push(bundle);
  const { openSimulator } = await import(pathToFileURL(bundle).href);
  return openSimulator(folder);
}

describe('simulated phones, hub and network', () => {
  it(`lose nothing and agree in the end: ${SEEDS} seeds`, async () => {
    const runSeed = await simulator();
    for (let seed = 1; seed <= SEEDS; seed++) expect(await runSeed(seed)).toMatchObject({ seed, failures: [] });
  });

  it('tell the same story for the same seed', async () => {
    const runSeed = await simulator();
    expect(await runSeed(7)).toEqual(await runSeed(7));
  });

  it.each(DEFECTS)('notice: $name', async ({ seed, breaks, ...defect }) => {
    const runSeed = await simulator(defect);
    const { failures } = await runSeed(seed);
    expect(failures.join('\n')).toContain(breaks);
  });
});
