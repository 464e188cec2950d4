const { it } = require('node:test');

it('renderer survives', () => {
  process.kill(process.pid, 'SIGKILL');
});
