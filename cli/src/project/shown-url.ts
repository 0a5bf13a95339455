/** The address of a database without the name and the password in it. */
export function shownUrl(url: string): string {
  return url.replace(/:\/\/.*@/, '://');
}
