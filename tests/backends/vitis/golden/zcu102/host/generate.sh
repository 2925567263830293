#!/bin/sh
# Runs the host program of the design small on what the environment says:
#
#   PROMPT      a text to continue
#   PROMPT_IDS  or token ids, 1,2,3
#   NEW         by how many tokens, 100 unless it is set
#   HOST_PROGRAM, XCLBIN, WEIGHTS   what is run, with which binary and images; beside this script unless set
#
# Without a prompt it makes two tokens after token 0.
set -eu
here=$(dirname "$0")
text=${PROMPT-}
ids=${PROMPT_IDS-}
count=${NEW:-100}
[ -n "$text$ids" ] || { ids=0 && count=2; }

fail() {
  echo "generate.sh: $1" >&2
  exit 1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Token ids become words of 32 bits, the lowest byte first, by way of printf's octal escapes.
if [ -n "$text" ]; then
  printf %s "$text" | od -An -v -tu1
else
  echo "$ids" | tr , ' '
fi > "$scratch/ids"
awk '{ for (i = 1; i <= NF; i++) {
         if ($i !~ /^[0-9]+$/ || $i + 0 >= 256) { print $i; exit }
     } }' "$scratch/ids" > "$scratch/wrong"
[ ! -s "$scratch/wrong" ] || fail "'$(cat "$scratch/wrong")' is no token id below 256"
printf "$(awk '{ for (i = 1; i <= NF; i++) {
                   high = int($i / 65536)
                   printf "\\%03o\\%03o\\%03o\\%03o", $i % 256, int($i / 256) % 256, high % 256, int(high / 256)
               } }' "$scratch/ids")" > "$scratch/prompt"

# One id on each line becomes one byte of the text.
show() {
  printf %s "$text"
  while read -r id; do printf "\\$(printf %03o "$id")"; done
  echo
}

{
  "${HOST_PROGRAM:-$here/host}" "${XCLBIN:-$here/small.xclbin}" "${WEIGHTS:-$here/weights}" \
    --prompt "$scratch/prompt" --new "$count" || touch "$scratch/failed"
} | show
[ ! -e "$scratch/failed" ]
