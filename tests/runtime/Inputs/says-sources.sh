# cc that says how many of its sources are the driver's runtime.
echo "runtime sources: $(echo "$@" | grep -o 'dlc_[a-z]*\.c' | wc -l)" >&2
exec cc "$@"
