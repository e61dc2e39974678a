// Sessions that count what was added. The action "crash" ends the process.
import { adapt, say } from './adapter.mjs';

const sessions = new Map();
await adapt(({ id, call, session, action, input }) => {
  if (call === 'open') {
    if (input.dimension < 1) return say({ id, reject: 'dimension: expected at least 1' });
    const name = String(sessions.size + 1);
    sessions.set(name, 0);
    return say({ id, session: name });
  }
  if (!sessions.has(session)) return say({ id, error: `no session ${session}` });
  if (call === 'close') return sessions.delete(session) && say({ id });
  if (action === 'crash') process.exit(3);
  if (action === 'add') sessions.set(session, sessions.get(session) + input.ids.length);
  say(
    action === 'hang'
      ? {}
      : { id, output: action === 'count' ? { count: sessions.get(session) } : {} },
  );
});
