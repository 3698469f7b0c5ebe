#!/usr/bin/env bash
# Makes the environment of a validator that cannot share ours: install.sh PACKAGE MINOR, for a Python of 3.MINOR or newer. It holds
# the versions of PACKAGE.txt and is made again when these change. Without such a Python it says so and ends well: what needs the
# environment then reports "not run".
set -euo pipefail
package=$1
minor=$2
here=$(cd "$(dirname "$0")" && pwd)
target=$here/../.venv-validate/$package

if cmp -s "$here/$package.txt" "$target/versions.txt"; then exit 0; fi

python=
for found in python3.12 python3.13 python3.14 python3 "$(pyenv root 2> /dev/null || true)"/versions/3.1[2-9]*/bin/python3; do
  if "$found" -c "import sys, venv; sys.exit(sys.version_info < (3, $minor))" > /dev/null 2>&1; then python=$found; break; fi
done
if [ -z "$python" ]; then
  echo "NOTE: no Python 3.$minor or newer on the PATH or in pyenv: no environment for $package" >&2
  exit 0
fi

rm -rf "$target"
mkdir -p "$(dirname "$target")"
echo '*' > "$(dirname "$target")/.gitignore"
"$python" -m venv "$target"
if command -v uv > /dev/null; then
  uv pip install --quiet --compile-bytecode --python "$target/bin/python" --requirement "$here/$package.txt"
else
  "$target/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/$package.txt"
fi
cp "$here/$package.txt" "$target/versions.txt"
