#!/usr/bin/env bash
# Writes the one migration anew from the entities. Only until the first release: afterwards each change gets a migration of its own.
# Needs the tool dotnet-ef 10.0.14 (on the path or named by EF).
set -euo pipefail
cd "$(dirname "$0")"
EF=${EF:-dotnet-ef}
dotnet restore Design.csproj -v q
rm -rf ../Migrations
"$EF" migrations add Initial --project ../../MerchantStudio.Core.csproj --startup-project Design.csproj --context StudioDb \
  --output-dir AppState/Migrations
# The repository keeps files without a byte order mark.
sed -i "1s/^\xEF\xBB\xBF//" ../Migrations/*.cs
