// The picture of a page that did not come is asked for as long as it is wanted and the portal is only busy, after pauses that grow.
// What the answer says decides: an error of a picture alone does not tell a busy portal from a page that cannot be drawn.

const BUSY = [502, 503, 504];
const PAUSE_SECONDS = 2; // where the answer names none
const PAUSE_MOST_SECONDS = 20;
const GROWTH = 1.5;
const SPREAD = 0.3; // many who were told the same do not come back in the same instant

function sleep(seconds) {
  return new Promise((done) => setTimeout(done, 1000 * seconds * (1 + SPREAD * Math.random())));
}

async function answerOf(address) {
  try {
    return await fetch(address);
  } catch {
    return null; // nobody answers at the moment
  }
}

function isPicture(answer) {
  return answer.ok && answer.headers.get("Content-Type")?.startsWith("image/");
}

// Gives the address of the picture in this browser; null where it does not come, or is not wanted any more.
export async function askAgain(address, isWanted) {
  let pause = PAUSE_SECONDS;
  while (isWanted()) {
    const answer = await answerOf(address);
    if (answer && !BUSY.includes(answer.status)) {
      return isPicture(answer) ? URL.createObjectURL(await answer.blob()) : null;
    }
    pause = Math.min(Math.max(pause, Number(answer?.headers.get("Retry-After")) || 0), PAUSE_MOST_SECONDS);
    await sleep(pause);
    pause *= GROWTH;
  }
  return null;
}
