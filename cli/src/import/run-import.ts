/** The import itself: paths in, rows printed as they come, and what is to be said in the end. */
import type { Hub, HubConfig, ImportRow } from '@coach-hub/core';
import { ARCHIVE_LIMITS, type ArchiveLimits } from '@coach-hub/core/archive';
import type { Style } from '../screen/style.ts';
import type { World } from '../world.ts';
import { findFiles } from './find-files.ts';
import { importFiles } from './import-files.ts';
import { createImportScreen } from './import-screen.ts';
import { createPassedOver } from './passed-over.ts';
import { createProgress } from './progress.ts';
import { readFiles } from './read-files.ts';

const MIB = 1024 ** 2;

export interface ImportDeps {
  hub: Pick<Hub, 'athletes' | 'importer'>;
  config: Pick<HubConfig, 'archive' | 'decode'>;
  world: Pick<World, 'stderr' | 'clock' | 'tempDir' | 'columns'>;
  style: Style;
}

export interface ImportRequest {
  paths: readonly string[];
  athleteId: string;
  timeZone: string | null;
}

export interface ImportOutcome {
  rows: ImportRow[];
  summary: string;
  /** One sentence about files that are no recordings. */
  passedOver: string | null;
}

export interface ImportPrinter {
  /** Once, before the first row. */
  head(text: string): void;
  row(row: ImportRow, line: string): void;
}

export async function runImport(
  { hub, config, world, style }: ImportDeps,
  { paths, athleteId, timeZone }: ImportRequest,
  print: ImportPrinter,
  stop: AbortSignal,
): Promise<ImportOutcome> {
  await hub.athletes.ensure(athleteId);
  const found = [];
  for (const path of paths) found.push(await findFiles(path, stop));
  const screen = createImportScreen({
    files: [...paths, ...found.flatMap(({ files }) => files.map(({ path }) => path))],
    timeZone,
    columns: world.columns,
    style,
  });
  const progress = createProgress(world);
  const passedOver = createPassedOver();
  const rows: ImportRow[] = [];
  const items = readFiles(found, {
    limits: limitsOf(config.archive),
    maxFileBytes: hub.importer.maxFileBytes(),
    tempDir: world.tempDir,
    signal: stop,
  });
  const input = { athleteId, timeZone, inFlight: config.decode.threads + 1 };
  try {
    for await (const event of importFiles(hub.importer, input, items, stop)) {
      if (event.type === 'found') {
        progress.found(event.files);
        continue;
      }
      if (event.type === 'passed_over') passedOver.add(event.path);
      else {
        progress.interrupt(() => {
          for (const row of event.rows) {
            if (rows.push(row) === 1) print.head(screen.head);
            print.row(row, screen.row(row));
          }
        });
      }
      progress.advance(event.path);
    }
  } finally {
    progress.end();
  }
  const sentence = passedOver.sentence();
  return {
    rows,
    summary: screen.summary(rows, stop.aborted ? progress.total() : null, sentence),
    passedOver: sentence,
  };
}

function limitsOf({ totalMb, files, depth, ratio }: HubConfig['archive']): ArchiveLimits {
  return { ...ARCHIVE_LIMITS, totalBytes: totalMb * MIB, entries: files, depth, ratio };
}
