#!/usr/bin/env bash
# Makes every token that docker-compose.yml needs, once: those that are there already stay as they are.
#   deploy/make-secrets.sh        needs `npm ci` before it
# The files are readable by the containers' users; deploy/secrets, credentials.yaml and .env are ignored by git.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p secrets
credentials=tidemark/credentials.yaml

token() { # name, scopes
  [ -s "secrets/$1.token" ] || node ../packages/cli/bin/tidemark.js token add "$1" --scope $2 -f "$credentials" > "secrets/$1.token"
}
random() { # name
  [ -s "secrets/$1.token" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > "secrets/$1.token"
}

token collector "ingest"        # the Collector sends
token responder "read"          # the responder asks for incidents
token me "read admin"           # you look, at http://127.0.0.1:8318 (as the password)
random webhook                  # Alertmanager and Grafana show it to the responder
random metrics                  # Prometheus shows it to the responder
random operator                 # you approve actions, at http://127.0.0.1:4330
random clickhouse               # password of ClickHouse, in docker-compose.replicas.yml

touch ../.env
grep -q '^TIDEMARK_INGEST_TOKEN=' ../.env || echo "TIDEMARK_INGEST_TOKEN=$(cat secrets/collector.token)" >> ../.env
grep -q '^TIDEMARK_WEBHOOK_TOKEN=' ../.env || echo "TIDEMARK_WEBHOOK_TOKEN=$(cat secrets/webhook.token)" >> ../.env
# The flights demo; take these two lines out for your own model.
grep -q '^TIDEMARK_CONFIG=' ../.env || printf 'TIDEMARK_CONFIG=demo.yaml\nCOMPOSE_PROFILES=demo\n' >> ../.env
echo "tokens are in deploy/secrets, and .env is set"
