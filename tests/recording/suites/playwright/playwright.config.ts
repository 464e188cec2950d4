import { defineConfig, devices } from '@playwright/test';

const out = process.env.OUT!;
const launchOptions = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] };

export default defineConfig({
  testDir: './tests',
  timeout: 4000,
  expect: { timeout: 1500 },
  workers: 1,
  forbidOnly: true,
  reporter: [
    ['list'],
    ['json', { outputFile: `${out}/report.json` }],
    ['junit', { outputFile: `${out}/junit.xml` }],
    ['playwright-ctrf-json-reporter', { outputFile: 'ctrf.json', outputDir: out }],
  ],
  use: { baseURL: process.env.STAGING_SITE, screenshot: 'only-on-failure', trace: 'off', actionTimeout: 1500, navigationTimeout: 3000, launchOptions },
  projects: [
    { name: 'api', testMatch: 'api.spec.ts' },
    { name: 'chromium', testMatch: 'shop.spec.ts', use: { ...devices['Desktop Chrome'], launchOptions } },
    { name: 'mobile chrome', testMatch: 'shop.spec.ts', grep: /basket|order|menu|total|printed/, use: { ...devices['Pixel 5'], launchOptions } },
  ],
});
