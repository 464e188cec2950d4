import { it } from 'vitest';

it('renderer survives', () => {
  process.kill(process.pid, 'SIGKILL');
});
