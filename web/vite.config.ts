import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Chrome 90 is the oldest browser that the console promises to work in.
export default defineConfig({
  plugins: [react()],
  // The folder stays: the server watches it.
  build: { target: "chrome90", emptyOutDir: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 1300 },
  server: { proxy: { "/api": "http://127.0.0.1:8080", "/enter": "http://127.0.0.1:8080" } },
  test: { include: ["src/**/*.test.ts"] },
});
