#!/bin/sh
# Imports a mapping file into the mock and has it kept on disk, as often as one likes:
#   load.sh http://employees-mock:9999 /mappings/employees.json
set -eu
url=$1 file=$2

ask() { # method path [curl arguments]: prints the body; an error ends the script
    method=$1 path=$2
    shift 2
    curl --silent --show-error --fail-with-body --max-time 10 --retry 10 --retry-delay 1 \
        --retry-connrefused -X "$method" "$url$path" "$@"
}

ask POST /__admin/mappings/import -T "$file" >/dev/null
ask POST /__admin/mappings/save >/dev/null
echo "imported $(basename "$file") into $url"
