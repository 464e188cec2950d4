const { chat, env, get } = require('./staging');

describe('agents', () => {
  test('chat answers a question', async () => {
    await chat('What do I pay?');
  });
  test('quotes are priced', async () => {
    await get(`${env.STAGING_API}/api/quotes`);
  });
  test('report service is up', async () => {
    await get(`${env.STAGING_DOWN}/health`);
  });
  test('deep report is ready in time', async () => {
    await get(`${env.STAGING_SITE}/slow`);
  }, 1000);
  test('deep report is fetched in time', async () => {
    await get(`${env.STAGING_SITE}/slow`, AbortSignal.timeout(500));
  });
  test('basket holds the plan', async () => {
    const basket = await get(`${env.STAGING_SITE}/basket.json`);
    expect(basket.plan.name).toBe('small');
  });
  test('basket has a plan', async () => {
    expect(await get(`${env.STAGING_SITE}/basket.json`)).toHaveProperty('plan');
  });
  test('saving adds up', async () => {
    expect(await get(`${env.STAGING_SITE}/basket.json`)).toEqual({ items: [], total: 42 });
  });
  test('partner resolves', async () => {
    await get(`${env.STAGING_PARTNER}/`);
  });
  test('certificate is trusted', async () => {
    await get(`${env.STAGING_TLS}/`);
  });
  test('says why it fails', () => {
    throw 'quota exceeded';
  });
  test('wraps its cause', async () => {
    try {
      await get(`${env.STAGING_API}/api/quotes`);
    } catch (error) {
      throw new Error('the plan could not be priced', { cause: error });
    }
  });
  test('shows the total', async () => {
    expect((await get(`${env.STAGING_SITE}/basket.json`)).items).toHaveLength(1);
  });
});
