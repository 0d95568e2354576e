# cc that says how many of its sources are the driver's runtime, and gives up.
echo "runtime sources: $(echo "$@" | grep -o 'dlc_[a-z]*\.c' | wc -l)" >&2
exit 1
