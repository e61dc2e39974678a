import { setImmediate } from 'node:timers/promises';
import type { Implementation } from '../interface/implementation.ts';

const millisecondsBetween = 50;

/**
 * The same implementation, which lets the event loop turn now and then: functions that answer at once would else keep an interrupt, and the
 * progress line, waiting until a component is done.
 */
export function attentive(implementation: Implementation, tick: () => void): Implementation {
  let last = performance.now();
  const run: Implementation['run'] = async (name, input, timeoutSeconds) => {
    if (performance.now() - last >= millisecondsBetween) {
      tick();
      await setImmediate();
      last = performance.now();
    }
    return implementation.run(name, input, timeoutSeconds);
  };
  const { name, version, offers } = implementation;
  return { name, version, offers, run, close: () => implementation.close() };
}
