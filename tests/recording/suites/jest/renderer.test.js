test('renderer survives', () => {
  process.kill(process.pid, 'SIGKILL');
});
