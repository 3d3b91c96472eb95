import { defineConfig } from "@playwright/test";

/** Journeys in Debian's Chromium against the real program, which each worker starts for itself. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  reporter: "list",
  fullyParallel: true,
  workers: 2,
  // A journey that fails now and then has found something: it is not tried again.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    locale: "en-GB",
    timezoneId: "Europe/London",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
      ],
    },
  },
  projects: [
    { name: "journeys", testMatch: "*.spec.ts" },
    { name: "picture", testMatch: "picture.ts" },
  ],
});
