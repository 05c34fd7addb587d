// One estimator for all elements of a page that ask the same shop. What this module must not know: elements.
import { openEngine } from "../engine.js";
import { connect, type Estimator } from "../estimator.js";

interface Share {
  estimator: Promise<Estimator>;
  users: number;
}

const shares = new Map<string, Share>();

export interface Lease {
  /** Rejects when the address or the key is none. */
  estimator: Promise<Estimator>;
  release(): void;
}

export function lease(bundle: string, key: string | undefined): Lease {
  // A base that changes would make another address of the same words.
  const name = JSON.stringify([document.baseURI, bundle, key]);
  let share = shares.get(name);
  if (!share) {
    share = { estimator: connect({ bundle, key }, openEngine), users: 0 };
    // Whoever leases it hears of a failure; nobody else needs to.
    share.estimator.catch(() => undefined);
    shares.set(name, share);
  }
  const mine = share;
  mine.users += 1;
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    mine.users -= 1;
    // Later: an element that is only moved leaves the page and comes back at once.
    setTimeout(() => {
      if (mine.users || shares.get(name) !== mine) return;
      shares.delete(name);
      void mine.estimator.then((estimator) => estimator.close(), () => undefined);
    }, 1_000);
  };
  return { estimator: mine.estimator, release };
}
