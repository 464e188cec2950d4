const { OUT } = process.env;

module.exports = {
  testEnvironment: 'node',
  workerThreads: false,
  maxWorkers: 2,
  projects: [
    { displayName: 'eu', testMatch: ['<rootDir>/*.test.js'], globals: { REGION: 'eu' } },
    { displayName: 'us', testMatch: ['<rootDir>/accounts.test.js'], globals: { REGION: 'us' } },
  ],
  reporters: [
    'default',
    ['jest-junit', { outputDirectory: OUT, outputName: 'junit.xml', reportTestSuiteErrors: 'true' }],
    ['jest-ctrf-json-reporter', { outputDir: OUT, outputFile: 'ctrf.json' }],
  ],
};
