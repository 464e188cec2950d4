const { test: it } = require('tap');

it('renderer survives', () => {
  process.kill(process.pid, 'SIGKILL');
});
