import { decodeActivityFile } from '@coach-hub/core/formats';
import { libraryRecords, readableRecordings } from './support/recordings.mjs';

export default {
  name: 'FIT reader against fit-file-parser, same files',
  unit: 'records/s',
  better: 'higher',
  aim: 8,
  async setup() {
    const files = await readableRecordings();
    const records = files.reduce((sum, file) => sum + file.records, 0);
    return {
      ours() {
        const startedAtMs = performance.now();
        let read = 0;
        for (const { bytes } of files) {
          const result = decodeActivityFile(bytes);
          if (result.status === 'decoded') for (const session of result.file.sessions) read += session.records;
        }
        if (read < records * 0.9) throw new Error(`read ${read} of ${records} records`);
        return records / ((performance.now() - startedAtMs) / 1_000);
      },
      async baseline() {
        const startedAtMs = performance.now();
        for (const { bytes } of files) await libraryRecords(bytes);
        return records / ((performance.now() - startedAtMs) / 1_000);
      },
    };
  },
};
