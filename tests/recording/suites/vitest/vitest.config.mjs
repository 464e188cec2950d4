import { defineConfig } from 'vitest/config';

const { OUT } = process.env;

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', ['json', { outputFile: `${OUT}/report.json` }], ['junit', { outputFile: `${OUT}/junit.xml` }]],
    projects: [
      { extends: true, test: { name: 'eu', include: ['*.test.js'] } },
      { extends: true, test: { name: 'us', include: ['accounts.test.js'] } },
    ],
  },
});
