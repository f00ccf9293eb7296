#!/bin/sh
# Keeps a container there for commands to be run in it, and ends as soon as it is told to.
trap 'exit 0' TERM INT
while :; do
    sleep 3600 &
    wait $!
done
