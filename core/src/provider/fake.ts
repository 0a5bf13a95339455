/**
 * A fake vendor: a small real HTTP server that speaks the vendor's documented contract and takes faults by name.
 * The demo, the tests, the conformance suite and `coach fake NAME` all use the same one.
 */
export interface FakeOptions {
  /** 0: any free port. Binds to 127.0.0.1 only. */
  port: number;
  now: () => number;
  /** Draws from [0, 1). */
  random: () => number;
  log: import('../hub/log.ts').Log;
}

/** A command a fake understands beyond the vendor's API, for people and tests. */
export interface FakeCommand {
  name: string;
  help: string;
}

export interface RunningFake {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Maps the plugin's logical hosts to this fake, as `egress.hosts` in the configuration takes it. */
  hosts: { [logicalHost: string]: string };
  /** Configuration the plugin needs to talk to this fake, for example client id and secret. */
  pluginConfig: { [key: string]: string };
  /** Where the fake sends notifications. */
  setWebhook(url: string): void;
  /** Makes something happen: `run`, `replay` … see `commands`. Returns what it did, for the story and the tests. */
  act(command: string, params?: { [key: string]: unknown }): Promise<{ [key: string]: unknown }>;
  commands: FakeCommand[];
  /** Switches a named fault on for the next `times` occasions; 0 switches it off. */
  fault(name: string, times: number, params?: { [key: string]: unknown }): void;
  faults: FakeCommand[];
  close(): Promise<void>;
}

/** What a plugin's `fake` entry exports as `fake`. */
export interface FakeVendor {
  id: string;
  start(options: FakeOptions): Promise<RunningFake>;
}
