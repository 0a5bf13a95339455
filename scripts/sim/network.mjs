/**
 * A network whose messages wait until somebody decides what becomes of them: a request that is lost, delivered, or
 * delivered twice; an answer that is lost or delivered. Whoever decides has the seed.
 */

/** @param serve `async ({ phone, url, init }) → { status, headers, text }`, or null where nobody answers. */
export function createNetwork({ serve }) {
  /** @type {{ phone: string, is: 'request' | 'answer' | 'echo', send(): Promise<void>, lose(): void }[]} */
  const waiting = [];

  const remove = (message) => waiting.splice(waiting.indexOf(message), 1);

  function request(phone, url, init, settle) {
    const message = {
      phone,
      is: 'request',
      async send() {
        remove(message);
        const answer = await serve({ phone, url, init });
        if (answer === null) return settle.reject(new TypeError('The hub is gone.'));
        waiting.push(answerOf(phone, answer, settle));
      },
      /** The same request comes again later, and its answer is of no interest any more. */
      async sendTwice() {
        const echo = {
          phone,
          is: 'echo',
          async send() {
            remove(echo);
            await serve({ phone, url, init });
          },
          lose: () => remove(echo),
        };
        waiting.push(echo);
        await message.send();
      },
      lose() {
        remove(message);
        settle.reject(new TypeError('The request was lost.'));
      },
    };
    return message;
  }

  function answerOf(phone, answer, settle) {
    const message = {
      phone,
      is: 'answer',
      async send() {
        remove(message);
        settle.resolve({
          status: answer.status,
          headers: answer.headers,
          text: async () => answer.text,
        });
      },
      lose() {
        remove(message);
        settle.reject(new TypeError('The answer was lost.'));
      },
    };
    return message;
  }

  return {
    waiting,
    fetchOf: (phone) => (url, init) =>
      new Promise((resolve, reject) => {
        const settle = { resolve, reject };
        waiting.push(Object.assign(request(phone, url, init, settle), { settle }));
      }),
    /** A phone that died hears no answer; what it sent may still arrive. */
    hangUp(phone) {
      for (const message of waiting.filter((each) => each.phone === phone)) {
        if (message.is === 'answer') remove(message);
        if (message.is === 'request') Object.assign(message.settle, { resolve() {}, reject() {} });
      }
    },
  };
}
