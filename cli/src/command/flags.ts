/** Flags that several commands share. */
import * as Flags from '@oclif/core/flags';

const DATA = {
  helpValue: 'DIR',
  description:
    'Folder of the hub’s data. Default: COACH_DATA, "data" of coach.config.json, .coach/data in the project.',
};

export const data = Flags.string(DATA);

/** The demo has a data folder of its own, which it clears. */
export const dataNotDemo = Flags.string({ ...DATA, exclusive: ['demo'] });

export const pluginPath = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  helpValue: 'PATH',
  description: 'Folder of a plugin’s package to use besides those of the project. May be given several times.',
});

export const athlete = Flags.string({
  required: true,
  helpValue: 'ID',
  description: 'The hub’s id of the athlete; one that is new is made.',
});

export const port = (description: string) => Flags.integer({ min: 0, max: 65_535, helpValue: 'PORT', description });

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
