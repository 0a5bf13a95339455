/** A log for commands that say of plugins what they have to say themselves. */
import type { Log } from '@coach-hub/core';

/** What core logs of every plugin it sets aside, at each start. */
const SET_ASIDE = 'plugin set aside';

/**
 * A provider without its client id is set aside, which is how every new project begins. A server tells its operator;
 * a command that is about something else does not repeat it each time. "plugin list" and "doctor" show the reasons.
 */
export function quietAboutPlugins(log: Log): Log {
  return {
    ...log,
    error: (message, fields) => (message === SET_ASIDE ? log.debug(message, fields) : log.error(message, fields)),
  };
}
