#!/usr/bin/env bash
# Writes the one migration anew from the entities, for SQLite and for PostgreSQL. Only until the first release: afterwards each change gets a migration of its own, in both sets.
# Needs the tool dotnet-ef 10.0.14 (on the path or named by EF).
set -euo pipefail
cd "$(dirname "$0")"
EF=${EF:-dotnet-ef}
command -v "$EF" >/dev/null || { echo "Install the tool: dotnet tool install -g dotnet-ef --version 10.0.14, and put ~/.dotnet/tools on the path." >&2; exit 1; }
rm -rf ../Migrations
dotnet build Design.csproj -p:RunAnalyzers=false -v quiet -clp:NoSummary
for set in StudioDb:Sqlite PostgresStudioDb:Postgres; do
  "$EF" migrations add Initial --no-build --project ../../MerchantStudio.Core.csproj --startup-project Design.csproj --context "${set%:*}" \
    --output-dir "AppState/Migrations/${set#*:}"
done
# The repository keeps files without a byte order mark.
sed -i "1s/^\xEF\xBB\xBF//" ../Migrations/*/*.cs
