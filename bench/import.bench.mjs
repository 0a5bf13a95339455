import { openBenchHub } from './support/open-hub.mjs';
import { libraryRecords, readableRecordings } from './support/recordings.mjs';

const IN_FLIGHT = 8;

export default {
  name: 'whole import against fit-file-parser alone, same files',
  unit: 'records/s',
  better: 'higher',
  aim: 2,
  async setup() {
    const files = await readableRecordings();
    const records = files.reduce((sum, file) => sum + file.records, 0);
    const { hub, close } = await openBenchHub();
    let athletes = 0;
    return {
      /** Every round is a new athlete, so that nothing is a duplicate. */
      async ours() {
        const athleteId = `athlete-${athletes++}`;
        await hub.athletes.ensure(athleteId);
        const startedAtMs = performance.now();
        const waiting = [...files];
        const workers = Array.from({ length: IN_FLIGHT }, async () => {
          for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
            const rows = await hub.importer.importFile({
              athleteId,
              fileName: file.name,
              bytes: file.bytes,
              timeZone: 'UTC',
            });
            if (rows.some((row) => row.status === 'unreadable')) throw new Error(`${file.name} was not read`);
          }
        });
        await Promise.all(workers);
        return records / ((performance.now() - startedAtMs) / 1_000);
      },
      async baseline() {
        const startedAtMs = performance.now();
        for (const { bytes } of files) await libraryRecords(bytes);
        return records / ((performance.now() - startedAtMs) / 1_000);
      },
      close,
    };
  },
};
