/** Flags and arguments that several commands share. */
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { UsageError } from './usage-error.ts';
import { wholeNumber } from './whole-number.ts';

const DATA = {
  helpValue: 'DIR',
  description:
    'Folder of the hub’s data. Default: COACH_DATA, "data" of coach.config.json, .coach/data in the project.',
};

const DB = {
  helpValue: 'URL',
  description:
    'PostgreSQL database that holds the data in place of the folder: postgres://USER@HOST:PORT/NAME. The keys stay in the folder. Default: COACH_DB, "db" of coach.config.json.',
};

/** Where the data lies. */
export const place = { data: Flags.string(DATA), db: Flags.string(DB) };

/** As oclif's `exclusive`, which would leave a trace in the usage line: `[--data DIR | ]`. */
export const NOT_WITH_DEMO = { relationships: [{ type: 'none' as const, flags: ['demo'] }] };

/** The demo has a data folder of its own, which it clears. */
export const placeNotDemo = {
  data: Flags.string({ ...DATA, ...NOT_WITH_DEMO }),
  db: Flags.string({ ...DB, ...NOT_WITH_DEMO }),
};

export const pluginPath = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  helpValue: 'PATH',
  description: 'Folder of a plugin’s package to use besides those of the project. May be given several times.',
});

export const athlete = (description: string) =>
  Flags.string({
    required: true,
    helpValue: 'ID',
    description,
    parse: async (text) => {
      if (text.trim() !== '') return text;
      throw new UsageError(`--athlete: expected the id of an athlete, got "${text}".`);
    },
  });

export const port = (description: string) =>
  Flags.integer({ helpValue: 'PORT', description, parse: wholeNumber({ name: '--port', min: 0, max: 65_535 }) });

const parseLetter = wholeNumber({ name: 'ID', what: 'the number of a dead letter, such as 12', min: 1 });

export const letter = Args.integer({ required: true, description: 'Number of the dead letter.', parse: parseLetter });

export const letters = Args.integer({
  multiple: true,
  description: 'Numbers of the dead letters.',
  parse: parseLetter,
});

export const letterPlugin = Flags.string({ helpValue: 'ID', description: 'Only letters of this plugin.' });

export const letterStage = Flags.string({
  options: ['split', 'normalise', 'fetch'],
  description: 'Only what failed at this stage: splitting a delivery, reading an envelope, fetching for a notice.',
});

export const letterAthlete = Flags.string({ helpValue: 'ID', description: 'Only letters of this athlete.' });

export const letterConnection = Flags.string({
  helpValue: 'ID',
  description: 'Only letters of this connection. One of a webhook that carries many accounts belongs to none.',
});

/** A day; `startOfDayMs` reads it. */
export const since = (description: string) => Flags.string({ helpValue: 'DATE', description });

export const letterCode = Flags.string({ helpValue: 'CODE', description: 'Only letters with this error code.' });
