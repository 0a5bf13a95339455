/**
 * Ampersands that begin none of XML's own references, as text.
 *
 * Programs write `Tom & Jerry` into names; a strict parser would take all that follows for the name of an entity. And an
 * entity that a file declares for itself stays the text it is: nothing is looked up, nothing grows.
 */
const STRAY = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/g;
/** Longest reference of XML's own: `&#1114111;`. */
const LONGEST_REFERENCE = 10;

/** Rewrites the text of a file piece by piece. */
export class StrayAmpersands {
  /** How many were found. */
  count = 0;
  private held = '';

  /** The next piece. A reference that its end may cut in two is kept for the piece to come. */
  rewrite(piece: string): string {
    let text = this.held + piece;
    this.held = '';
    const last = text.lastIndexOf('&');
    if (last >= 0 && text.length - last < LONGEST_REFERENCE && !text.includes(';', last)) {
      this.held = text.slice(last);
      text = text.slice(0, last);
    }
    return last < 0 ? text : this.escaped(text);
  }

  /** What is left at the end. */
  rest(): string {
    const { held } = this;
    this.held = '';
    return this.escaped(held);
  }

  private escaped(text: string): string {
    return text.replace(STRAY, () => {
      this.count++;
      return '&amp;';
    });
  }
}
