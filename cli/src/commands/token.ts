/** `coach token --athlete ID`: an athlete's token for development, as the app's backend would issue it. */
import * as Flags from '@oclif/core/flags';
import { CoachCommand } from '../command/coach-command.ts';
import * as flags from '../command/flags.ts';
import { parseTtl } from '../command/ttl.ts';
import type { IssuedToken } from '../project/issue-token.ts';

export default class Token extends CoachCommand {
  static override summary = 'Issue an athlete’s token for development.';
  static override description =
    'In production the app’s own backend issues these. The token alone goes to stdout, so that it fits into a command; whom it is for goes to stderr.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --athlete runner-1',
    '<%= config.bin %> <%= command.id %> --athlete runner-1 --ttl 30d --json',
  ];
  static override flags = {
    athlete: flags.athlete('The athlete, as in "coach import" and "coach explain"; also the "sub" of the token.'),
    ttl: Flags.string({ default: '1h', helpValue: 'TIME', description: 'How long it is good: 90s, 15m, 1h, 30d.' }),
    ...flags.place,
  };

  async run(): Promise<IssuedToken> {
    const { flags } = await this.parse(Token);
    const ttlS = parseTtl(flags.ttl);
    const [{ withHub }, { issueToken }] = await Promise.all([
      import('../project/open-project.ts'),
      import('../project/issue-token.ts'),
    ]);
    const issued = await withHub(this.world, flags, { create: true, logLevel: 'warn' }, (opened) =>
      issueToken(opened, { subject: flags.athlete, ttlS }),
    );
    this.log(issued.token);
    this.logToStderr(this.style.faint(`For athlete ${issued.athleteId}, until ${issued.expiresAt}.`));
    return issued;
  }
}
