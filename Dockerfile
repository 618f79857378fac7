# Processor, responder and the `tidemark` command: one image content, two targets.
#   docker build --target processor -t tidemark/processor .
#   docker build --target responder -t tidemark/responder .
# The embedded ClickHouse needs glibc, hence Debian slim and not Alpine. Both run as the user `node` and write to
# /var/lib/tidemark and /tmp alone: run them with a read-only root file system.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /tidemark
COPY . .
RUN npm ci --ignore-scripts \
  && node node_modules/typescript/bin/tsc -b \
  && npm prune --omit=dev --ignore-scripts \
  && find packages examples -type d \( -name src -o -name test \) -not -path '*/node_modules/*' -prune -exec rm -rf {} +

FROM node:24.21.0-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /tidemark
COPY --from=build /tidemark/package.json ./
COPY --from=build /tidemark/node_modules ./node_modules
COPY --from=build /tidemark/packages ./packages
COPY --from=build /tidemark/examples ./examples
# The data folder belongs to the user that runs; a named volume mounted here takes over this owner.
RUN install -d -o node -g node /var/lib/tidemark /demo
USER node
ENTRYPOINT ["node", "packages/cli/bin/tidemark.js"]

FROM runtime AS responder
VOLUME /var/lib/tidemark
EXPOSE 4320
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4320/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["respond", "/etc/tidemark/responder.yaml"]

FROM runtime AS processor
VOLUME /var/lib/tidemark
EXPOSE 4318
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4318/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["serve", "/etc/tidemark/tidemark.yaml"]
