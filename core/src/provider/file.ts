/** Files as a source: `coach import` and uploads from the app. externalId is the SHA-256 of the bytes. */
export interface FileAdapter {
  /** Extensions it reads, lower case with the dot; what counts is the content. */
  extensions: string[];
  maxBytes: number;
  stream: string;
}
