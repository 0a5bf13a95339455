/** Figures about what is stored, for an operator's dashboard: read often, so they must stay cheap as the data grows. */
export interface StoreFigures {
  /** Dead letters nobody has replayed. */
  deadLetters: { plugin: string; stage: string; code: string; letters: number }[];
  connections: { plugin: string; state: string; connections: number }[];
  questionsOpen: number;
  /** Size on disk by part, in the database's own words. */
  databaseBytes: { part: string; bytes: number }[];
}

export interface FiguresStore {
  figures(): Promise<StoreFigures>;
}
