FROM node:24-trixie-slim AS manifest
# The CPU binaries are inside onnxruntime-node; its install script would fetch CUDA libraries.
ENV ONNXRUNTIME_NODE_INSTALL=skip
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM manifest AS build
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
# The image has no use for benchmarks, types and source maps.
RUN npm run build && rm -r dist/bench && find dist -type f ! -name '*.js' ! -name '*.safetensors' ! -name '*.calibration.json' \
    ! -name '*.bin' ! -name '*.html' ! -name '*.css' ! -name '*.jpg' ! -name '*.gz' ! -name '*.wasm' -delete

FROM manifest AS production
# npm installs sharp for this platform alone, but onnxruntime-node for all of them.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --no-audit --no-fund && \
    find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 ! -path "*/linux/$(node -p process.arch)" -exec rm -r {} + && \
    find node_modules/onnxruntime-node/bin -name '*_providers_*' -delete && \
    find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete

FROM node:24-trixie-slim
# Without a font, labels are drawn as empty boxes; without fontconfig-config, every label drawn logs a warning.
# The link gives jemalloc one path for every architecture: LD_PRELOAD has no wildcards.
RUN apt-get update && \
    apt-get install -y --no-install-recommends fontconfig-config fonts-dejavu-core libjemalloc2 && \
    ln -s /usr/lib/*-linux-gnu/libjemalloc.so.2 /usr/local/lib/libjemalloc.so.2 && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*
WORKDIR /app
COPY package.json LICENSE NOTICE ./
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
# VIPS_CONCURRENCY: with jemalloc, sharp uses one thread per core for every image, but the workers are parallel already.
# ORT_DISABLE_TELEMETRY: onnxruntime sends telemetry otherwise. XDG_CACHE_HOME: fontconfig's cache, for read-only file systems.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    LD_PRELOAD=/usr/local/lib/libjemalloc.so.2 \
    VIPS_CONCURRENCY=1 \
    ORT_DISABLE_TELEMETRY=1 \
    XDG_CACHE_HOME=/tmp
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/start/main.js"]
LABEL org.opencontainers.image.title="nanodet-server" \
      org.opencontainers.image.description="Object detection over HTTP, on a CPU" \
      org.opencontainers.image.licenses="Apache-2.0" \
      com.amazonaws.sagemaker.capabilities.accept-bind-to-port="true"
