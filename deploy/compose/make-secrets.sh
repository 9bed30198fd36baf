#!/usr/bin/env bash
# Makes the secrets that compose.scaled.yaml mounts, where they are not yet. Nothing there is written over.
# The folder is its owner's alone; the files in it can be read by the containers' users, who never see the folder.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p secrets
chmod 0700 secrets

random() { openssl rand -hex 32; }
keep() { # keep NAME TEXT: writes the text unless there is one
  [ -e "secrets/$1" ] && return
  printf '%s\n' "$2" >"secrets/$1"
  chmod 0444 "secrets/$1"
  echo "made secrets/$1"
}

keep master_key "$(random)"
keep token "$(random)"
# The sender's, if you have it already; otherwise give this one to the sender.
keep signature_key "${SIGNATURE_KEY:-$(random)}"
keep postgres_password "$(random)"
keep database_password "$(random)"
keep database_url "postgres://tocsin:$(cat secrets/database_password)@postgres:5432/tocsin"
keep redis_password "$(random)"
keep redis_conf "requirepass $(cat secrets/redis_password)"
keep redis_url "redis://:$(cat secrets/redis_password)@redis:6379"
